/** Lets tests stop and start servers of the stack, which lives in the process that runs them and not in theirs. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Stack } from '@studio/dev/stack/start-stack'
import { runAssetsCommand } from './assets-command.ts'
import type { StudioAddress } from './studio-address.ts'

/** What tests may take away from a running stack. */
export type ControlledPart = 'pocketbase' | 'asset-server'

const ACTIONS = {
  '/pocketbase/stop': (stack: Stack) => stack.part('pocketbase').stop(),
  '/pocketbase/start': (stack: Stack) => stack.part('pocketbase').start(),
  // Not asked to finish: it has to survive what nobody announces.
  '/asset-server/stop': (stack: Stack) => stack.part('asset-server').kill(),
  '/asset-server/start': (stack: Stack) => stack.part('asset-server').start(),
  '/assets/scrub': (stack: Stack) => runAssetsCommand(stack, ['scrub']),
} as const satisfies Record<string, (stack: Stack) => Promise<void>> &
  Record<`/${ControlledPart}/${'stop' | 'start'}`, unknown>

export interface ServerControl {
  readonly url: string
  close(): Promise<void>
}

/** Takes orders for this stack on a free loopback port. */
export async function serveControl(stack: Stack): Promise<ServerControl> {
  const server = createServer((request, response) => {
    const action = Object.entries(ACTIONS).find(([path]) => path === request.url)?.[1]
    if (action === undefined) {
      response.writeHead(404).end()
      return
    }
    action(stack).then(
      () => response.writeHead(204).end(),
      (thrown: unknown) => response.writeHead(500).end(String(thrown)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function order(studio: StudioAddress, path: keyof typeof ACTIONS): Promise<void> {
  const response = await fetch(`${studio.controlUrl}${path}`, { method: 'POST' })
  if (!response.ok) throw new Error(`${path} was not done: ${await response.text()}`)
}

/** Has every file that was not read for long read again, as an operator can. Throws when one of them is not intact. */
export function scrubFiles(studio: StudioAddress): Promise<void> {
  return order(studio, '/assets/scrub')
}

/** Takes the server away while `during` runs, and starts it again whatever comes of that. Its data stays. */
export async function withoutServer(
  studio: StudioAddress,
  part: ControlledPart,
  during: () => Promise<void>,
): Promise<void> {
  await order(studio, `/${part}/stop`)
  try {
    await during()
  } finally {
    await order(studio, `/${part}/start`)
  }
}
