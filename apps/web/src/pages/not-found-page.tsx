/** For addresses that lead nowhere, or nowhere for this person: both look the same. */
import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { StateMessage } from '../ui/state-message.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'

export interface NotFoundProps {
  title: string
  children: string
}

export function NotFound({ title, children }: NotFoundProps) {
  useDocumentTitle(title)
  return (
    <div className="grid grow place-items-center">
      <StateMessage
        icon={Compass}
        title={title}
        action={
          <Link
            to="/"
            className="inline-flex h-9 items-center rounded-md border border-line bg-surface px-3.5 font-medium shadow-raised transition-colors hover:bg-canvas"
          >
            All projects
          </Link>
        }
      >
        <p>{children}</p>
      </StateMessage>
    </div>
  )
}

export function NotFoundPage() {
  return <NotFound title="Nothing here">This address does not lead anywhere in Studio.</NotFound>
}
