/** Where the running stack is: all that the tests know of it. */
import type { Credentials } from '@studio/dev/servers/pocketbase-identities'
import type { StackAddresses } from '@studio/dev/stack/stack-file'

export interface StudioAddress extends StackAddresses {
  /** Below it, every object of the store. */
  readonly objectStoreUrl: string
  readonly superuser: Credentials
  /** Of the two people whom the demo project belongs to. */
  readonly demoPassword: string
  /** See server-control.ts. */
  readonly controlUrl: string
  /** A Chromium that runs, for Playwright to connect to. */
  readonly chromiumEndpoint: string
}

declare module 'vitest' {
  interface ProvidedContext {
    studio: StudioAddress
  }
}
