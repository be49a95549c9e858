import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: [
      '@studio/dev/testing/global-postgres',
      '@studio/dev/testing/global-s3',
      '@studio/dev/testing/global-pocketbase',
    ],
    // It only says that newer Node versions are coming.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
