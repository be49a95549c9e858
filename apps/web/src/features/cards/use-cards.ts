/** The cards of a project as they are seen: what the BFF says, with one's own unfinished changes on top. */
import type { Card } from '@studio/contracts/card'
import type { ProjectId } from '@studio/contracts/project'
import { useMutation, useMutationState } from '@tanstack/react-query'
import { useMemo } from 'react'
import { describeError } from '../../describe-error.ts'
import { trpc } from '../../trpc.ts'
import { notify } from '../../ui/notices.tsx'

/** One write to PocketBase. */
export interface CardWrite {
  write: () => Promise<unknown>
  /** What the list looks like once it is done; shown at once. */
  foresee?: (cards: readonly Card[]) => readonly Card[]
  /** What did not happen, should it fail. */
  failure: string
}

function writesKey(projectId: ProjectId): string[] {
  return ['cards', 'write', projectId]
}

/**
 * In their order. An unfinished write stays on top of whatever is read meanwhile, so a card never jumps back to
 * where it was, and goes back by itself when the write fails.
 */
export function useCards(projectId: ProjectId) {
  const query = trpc.cards.list.useQuery({ projectId })
  const pending = useMutationState({
    filters: { mutationKey: writesKey(projectId), status: 'pending' },
    select: (mutation) => (mutation.state.variables as CardWrite | undefined)?.foresee,
  })
  const cards = useMemo(
    () =>
      query.data && pending.reduce((list, foresee) => foresee?.(list) ?? list, query.data as readonly Card[]),
    [query.data, pending],
  )
  return { ...query, cards }
}

/** Writes one after another, in the order asked for; resolves to whether it happened. Why not is said to the person. */
export function useCardWrites(projectId: ProjectId): (write: CardWrite) => Promise<boolean> {
  const utils = trpc.useUtils()
  const { mutateAsync } = useMutation({
    mutationKey: writesKey(projectId),
    scope: { id: `cards-${projectId}` },
    mutationFn: ({ write }: CardWrite) => write(),
    onError: (error, { failure }) => {
      notify('error', `${failure} ${describeError(error).message}`)
      // Perhaps because somebody else has changed the cards meanwhile.
      void utils.cards.list.invalidate({ projectId })
    },
    // Waited for: the write counts as unfinished until the list that holds it is here.
    onSuccess: () => utils.cards.list.invalidate({ projectId }),
  })
  return (write) =>
    mutateAsync(write).then(
      () => true,
      () => false,
    )
}
