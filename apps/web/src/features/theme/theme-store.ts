/** Light, dark, or as the system has it; remembered on this device. */
import { createStore, type StoreApi } from 'zustand'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** public/apply-theme.js reads it before the first paint. */
const STORAGE_KEY = 'studio.theme'

function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value)
}

function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(STORAGE_KEY)
    return isTheme(kept) ? kept : 'system'
  } catch {
    return 'system'
  }
}

function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

export const themeStore: StoreApi<{ theme: Theme }> = createStore(() => ({ theme: readTheme() }))

/** Chooses a theme, now and for later visits. */
export function chooseTheme(theme: Theme): void {
  applyTheme(theme)
  themeStore.setState({ theme })
  try {
    localStorage.setItem(STORAGE_KEY, theme)
  } catch {
    // Then the choice lasts as long as the page.
  }
}

/** Follows a choice made in another tab. */
export function followOtherTabs(): void {
  window.addEventListener('storage', (event) => {
    if (event.key !== STORAGE_KEY) return
    const theme = readTheme()
    applyTheme(theme)
    themeStore.setState({ theme })
  })
}
