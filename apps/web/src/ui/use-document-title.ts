/** Names the page in the browser's tab, its history and for screen readers. */
import { useEffect } from 'react'

export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = `${title} · Studio`
  }, [title])
}
