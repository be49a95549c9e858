/** Starts the page: asks where everything is, makes each service once, and hands them to React. */
import type { RuntimeConfig } from '@studio/contracts/runtime-config'
import { createRoot } from 'react-dom/client'
import { BootFailed } from './boot-failed.tsx'
import { followOtherTabs } from './features/theme/theme-store.ts'
import { createRuntimeConfigCache, fetchRuntimeConfig } from './runtime-config.ts'
import { createStudio, StudioApp } from './studio.tsx'
import './styles.css'

const container = document.getElementById('root')
if (container === null) throw new TypeError('The page has no #root')
const root = createRoot(container)

const configCache = createRuntimeConfigCache({
  storage: sessionStorage,
  fetchConfig: fetchRuntimeConfig,
  now: Date.now,
})

function start(config: RuntimeConfig): void {
  root.render(<StudioApp studio={createStudio(config, configCache)} />)
}

async function boot(): Promise<void> {
  try {
    start(await configCache.load())
  } catch (error) {
    root.render(<BootFailed error={error} onRetry={boot} />)
  }
}

followOtherTabs()
void boot()
