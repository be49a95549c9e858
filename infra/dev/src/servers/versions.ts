/**
 * The servers that Studio develops and tests against: the one place where their versions are pinned.
 *
 * What is downloaded is checked against the checksums that the project publishes beside its archives; what is built
 * is checked by `go/go.sum`, which pins the source of each module. Keep these versions and `go/go.mod` equal.
 */

export type ServerName = 'pocketbase' | 'versitygw'

export interface ServerRelease {
  readonly title: string
  readonly version: string
  /** Names a binary that is used instead, whatever its version. */
  readonly environmentVariable: 'STUDIO_POCKETBASE_BIN' | 'STUDIO_S3_BIN'
  /** Finds the version in what `--version` prints. */
  readonly versionPattern: RegExp
  /** The official archive, or undefined where the project publishes none for this kind of machine. */
  archive(platform: NodeJS.Platform, architecture: string): ReleaseArchive | undefined
  readonly goPackage: string
  readonly goLinkerFlags: string
}

export interface ReleaseArchive {
  /** The folder that holds the archive and its `checksums.txt`. */
  readonly baseUrl: string
  readonly file: string
  readonly kind: 'zip' | 'tar.gz'
  /** The executable inside the archive. */
  readonly member: string
}

const POCKETBASE_VERSION = '0.40.4'
const VERSITYGW_VERSION = '1.8.0'

export const SERVER_RELEASES: Readonly<Record<ServerName, ServerRelease>> = {
  pocketbase: {
    title: 'PocketBase',
    version: POCKETBASE_VERSION,
    environmentVariable: 'STUDIO_POCKETBASE_BIN',
    versionPattern: /version v?(\d+\.\d+\.\d+)/,
    archive: (platform, architecture) => {
      const cpu = { x64: 'amd64', arm64: 'arm64' }[architecture]
      if (!cpu || (platform !== 'linux' && platform !== 'darwin')) return undefined
      return {
        baseUrl: `https://github.com/pocketbase/pocketbase/releases/download/v${POCKETBASE_VERSION}`,
        file: `pocketbase_${POCKETBASE_VERSION}_${platform}_${cpu}.zip`,
        kind: 'zip',
        member: 'pocketbase',
      }
    },
    goPackage: 'github.com/pocketbase/pocketbase/examples/base',
    goLinkerFlags: `-s -w -X github.com/pocketbase/pocketbase.Version=${POCKETBASE_VERSION}`,
  },
  versitygw: {
    title: 'versitygw',
    version: VERSITYGW_VERSION,
    environmentVariable: 'STUDIO_S3_BIN',
    versionPattern: /Version\s*:\s*v?(\d+\.\d+\.\d+)/,
    archive: (platform, architecture) => {
      const system = platform === 'linux' ? 'Linux' : platform === 'darwin' ? 'Darwin' : undefined
      const cpu = { x64: 'x86_64', arm64: 'arm64' }[architecture]
      if (!system || !cpu) return undefined
      const folder = `versitygw_v${VERSITYGW_VERSION}_${system}_${cpu}`
      return {
        baseUrl: `https://github.com/versity/versitygw/releases/download/v${VERSITYGW_VERSION}`,
        file: `${folder}.tar.gz`,
        kind: 'tar.gz',
        member: `${folder}/versitygw`,
      }
    },
    goPackage: 'github.com/versity/versitygw/cmd/versitygw',
    goLinkerFlags: `-s -w -X main.Version=${VERSITYGW_VERSION}`,
  },
}

/** Whether a version found on this machine can stand in: the same minor version, and no older patch. */
export function versionFits(found: string, pinned: string): boolean {
  const [major, minor, patch] = found.split('.').map(Number)
  const [pinnedMajor, pinnedMinor, pinnedPatch] = pinned.split('.').map(Number)
  return major === pinnedMajor && minor === pinnedMinor && Number(patch) >= Number(pinnedPatch)
}
