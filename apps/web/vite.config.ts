/** Builds the page, and in development puts page and BFF behind one origin, as a reverse proxy does in production. */
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type ProxyOptions } from 'vite'
import { env } from './env.ts'

const BFF_PATHS = ['/trpc', '/tus', '/api/secrets-config', '/.well-known']

function proxyToBff(): Record<string, ProxyOptions> {
  if (env.BFF_URL === undefined) return {}
  const target = env.BFF_URL
  return Object.fromEntries(BFF_PATHS.map((path) => [path, { target, changeOrigin: false }]))
}

export default defineConfig({
  plugins: [react(), tailwindcss()],
  ...(env.WEB_CACHE_DIR === undefined ? {} : { cacheDir: env.WEB_CACHE_DIR }),
  server: { host: env.WEB_HOST, port: env.WEB_PORT, strictPort: true, proxy: proxyToBff() },
  preview: { host: env.WEB_HOST, port: env.WEB_PORT, strictPort: true, proxy: proxyToBff() },
  build: {
    outDir: 'dist',
    target: 'baseline-widely-available',
    // The first that know `light-dark()` and relative colours, which the palette is written in.
    cssTarget: ['chrome123', 'safari17.5', 'firefox128'],
    // Libraries change less often than our own code: a new version of Studio leaves them in browsers' caches.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /[\\/]node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 2 },
            { name: 'libraries', test: /[\\/]node_modules[\\/]/, priority: 1 },
          ],
        },
      },
    },
  },
})
