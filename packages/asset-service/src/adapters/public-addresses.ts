/** Which addresses are public: the only ones that a server may be made to connect to by somebody else's words. */
import { BlockList, isIP } from 'node:net'

/** "IANA IPv4 Special-Purpose Address Registry" (RFC 6890), multicast and reserved; the last one is Azure's host. */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '168.63.129.16/32',
]

/**
 * Of IPv6 only global unicast is public (RFC 4291, section 2.4), so loopback, link-local, unique local, multicast, addresses
 * that contain an IPv4 one (mapped, NAT64) are not, whatever they lead to.
 */
const GLOBAL_UNICAST_IPV6 = ['2000::/3']

/** Within it: protocol assignments with Teredo (RFC 4380), documentation, and 6to4, which contains an IPv4 address. */
const NOT_PUBLIC_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

/** Throws a `TypeError` for what is neither an address nor a network in CIDR notation. */
export function addressList(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = isIP(address)
    if (family === 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix)))
      throw new TypeError(`${JSON.stringify(entry)} is neither an address nor a network`)
    list.addSubnet(address, Number(prefix ?? (family === 4 ? 32 : 128)), family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

const notPublicIpv4 = addressList(NOT_PUBLIC_IPV4)
const globalUnicastIpv6 = addressList(GLOBAL_UNICAST_IPV6)
const notPublicIpv6 = addressList(NOT_PUBLIC_IPV6)

/** For anything that is not an address at all: `false`. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublicIpv4.check(address, 'ipv4')
    case 6:
      // A zone ("%eth0") belongs to link-local addresses only, and BlockList does not read it.
      return (
        !address.includes('%') &&
        globalUnicastIpv6.check(address, 'ipv6') &&
        !notPublicIpv6.check(address, 'ipv6')
      )
    default:
      return false
  }
}
