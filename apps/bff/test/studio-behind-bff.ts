/** Everything behind the BFF for a test: PocketBase, the Asset Service and what that keeps files in, all real. */
import { startTestStack, type TestStack } from '@studio/dev/testing/test-stack'
import { createScene, type TestScene } from './people.ts'
import { startTestBff, type TestBff } from './test-bff.ts'

export interface StudioBehindBff {
  stack: TestStack
  scene: TestScene
  bff: TestBff
  close: () => Promise<void>
}

/** Starts the servers, and a BFF at the address that the Asset Service trusts. */
export async function startStudioBehindBff(): Promise<StudioBehindBff> {
  const stack = await startTestStack({ apps: ['asset-server'] })
  try {
    const { pocketbase } = stack.servers
    const bff = await startTestBff({
      pocketbaseUrl: pocketbase.url,
      assetServiceUrl: stack.urls['asset-server'],
      publicUrl: stack.urls.bff,
      port: Number(new URL(stack.urls.bff).port),
    })
    const close = async () => {
      await bff.close()
      await stack.dispose()
    }
    return { stack, scene: await createScene(pocketbase), bff, close }
  } catch (error) {
    await stack.dispose()
    throw error
  }
}
