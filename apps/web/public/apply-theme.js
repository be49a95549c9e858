// Puts a chosen theme on the page before its first paint; features/theme/theme-store.ts owns the key and the values.
try {
  const theme = localStorage.getItem('studio.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be closed to us; then the system's theme stands.
}
