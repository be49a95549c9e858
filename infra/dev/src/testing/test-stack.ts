/** The whole of Studio for a test: real servers, real apps, free ports, a temporary folder. */

import type { AppPart } from '../stack/service-name.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { toStandardError } from './progress-line.ts'
import { launchOnLeash } from './restartable-server.ts'
import { createTestDirectory, removeTestDirectory } from './test-directory.ts'
import { readTestEnvironment } from './test-environment.ts'

export interface TestStackOptions {
  /** Which apps run; all by default. */
  readonly apps?: readonly AppPart[]
}

export interface TestStack extends Stack {
  /** Ends everything and removes its data. */
  dispose(): Promise<void>
}

/** Starts a stack of its own. Its parts can be stopped, killed and started again one by one. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const stateDirectory = await createTestDirectory('stack')
  try {
    const stack = await startStack({
      ...options,
      stateDirectory,
      environment: readTestEnvironment(),
      requireS3: true,
      // Crashes in tests are crashes of processes, which lose nothing that was written without fsync.
      durable: false,
      launch: launchOnLeash,
      onLine: toStandardError,
    })
    const dispose = async () => {
      await stack.stop()
      await removeTestDirectory(stateDirectory)
    }
    return { ...stack, dispose }
  } catch (thrown) {
    await removeTestDirectory(stateDirectory)
    throw thrown
  }
}
