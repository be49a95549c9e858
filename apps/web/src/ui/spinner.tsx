/** A turning ring for work of unknown length. Decoration: whoever shows it says in words what is going on. */
import { LoaderCircle } from 'lucide-react'

export function Spinner() {
  return <LoaderCircle aria-hidden className="size-4 animate-spin" />
}
