/** Who listens where: tells a server that answers on a port from another one that held the port before. */

import { readdir, readFile, readlink } from 'node:fs/promises'
import { execa } from 'execa'
import { readProcessGroup } from './process-table.ts'

/** Whether a process of this group listens on this TCP port. */
export async function listensOn(group: number, port: number): Promise<boolean> {
  if (process.platform !== 'linux') return listensAccordingToLsof(group, port)
  const sockets = await listeningSockets(port)
  if (sockets.size === 0) return false
  const members = await readProcessGroup(group)
  const owned = await Promise.all(members.map(({ pid }) => openSockets(pid)))
  return owned.flat().some((socket) => sockets.has(socket))
}

// proc_pid_net(5): after a heading, one socket a line; the second field is the local address with its port in
// hexadecimal, the fourth its state (0A listens), the tenth its inode, which a descriptor of its owner links to.
async function listeningSockets(port: number): Promise<Set<string>> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  )
  const fields = tables.flatMap((table) => table.split('\n')).map((line) => line.trim().split(/\s+/))
  return new Set(
    fields
      .filter(([, local, , state]) => state === '0A' && local?.endsWith(suffix))
      .map((field) => `socket:[${field[9] ?? ''}]`),
  )
}

async function openSockets(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
  return Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')))
}

async function listensAccordingToLsof(group: number, port: number): Promise<boolean> {
  const args = ['-nP', '-a', '-t', '-g', String(group), `-iTCP:${port}`, '-sTCP:LISTEN']
  const { exitCode } = await execa('lsof', args, { reject: false })
  return exitCode === 0
}
