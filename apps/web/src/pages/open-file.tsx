/** The file that the address names, shown over the board. */
import type { Card, CardId } from '@studio/contracts/card'
import type { File, FileId } from '@studio/contracts/file'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import type { RefObject } from 'react'
import { FileViewer } from '../features/files/file-viewer.tsx'
import { useUploadQueue } from '../features/uploads/upload-queue.ts'

const route = getRouteApi('/app/projects/$projectId')

export interface OpenFileProps {
  cards: readonly Card[]
  files: readonly File[]
  filesOf: (cardId: CardId | null) => readonly File[]
  openedHere: RefObject<boolean>
}

export function OpenFile({ cards, files, filesOf, openedHere }: OpenFileProps) {
  const { file: fileId } = route.useSearch()
  const navigate = route.useNavigate()
  const router = useRouter()
  const queue = useUploadQueue()
  const file = files.find(({ id }) => id === fileId)
  if (file === undefined) return null
  const card = cards.find(({ id }) => id === file.cardId)

  function show(id: FileId): void {
    void navigate({ search: { file: id }, replace: true, resetScroll: false })
  }

  function close(): void {
    if (openedHere.current) router.history.back()
    else void navigate({ search: {}, replace: true, resetScroll: false })
    openedHere.current = false
  }

  return (
    <FileViewer
      file={file}
      siblings={filesOf(card?.id ?? null)}
      place={card === undefined ? 'On no card' : card.title || 'Untitled'}
      localUrl={queue.localUrlOf(file.id)}
      onShow={show}
      onClose={close}
    />
  )
}
