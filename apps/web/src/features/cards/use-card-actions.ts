/** What one may do with the cards of a project: each writes one record to PocketBase, as the user. */
import type { Card, CardId } from '@studio/contracts/card'
import type { ProjectId } from '@studio/contracts/project'
import { usePocketBase } from '../../pocketbase.ts'
import { announce } from '../../ui/announcer.tsx'
import { orderAfterMove, orderAtEnd, orderAtPlace, withOrder, type Direction } from './card-order.ts'
import { useCardWrites } from './use-cards.ts'

/** Each resolves to whether it happened. */
export interface CardActions {
  create: (title: string) => Promise<boolean>
  rename: (cardId: CardId, title: string) => Promise<boolean>
  move: (cardId: CardId, direction: Direction) => Promise<boolean>
  /** Puts a card at a place counted from 0. */
  place: (cardId: CardId, place: number) => Promise<boolean>
  remove: (cardId: CardId) => Promise<boolean>
}

/** The actions on the cards as they are seen right now. */
export function useCardActions(projectId: ProjectId, cards: readonly Card[]): CardActions {
  const records = usePocketBase().collection('cards')
  const run = useCardWrites(projectId)
  async function setOrder(cardId: CardId, order: string | undefined): Promise<boolean> {
    if (order === undefined) return false
    return run({
      write: () => records.update(cardId, { order }),
      foresee: (list) => withOrder(list, cardId, order),
      failure: 'The card was not moved.',
    })
  }

  return {
    create: async (title) =>
      said('Card added.')(
        await run({
          write: () => records.create({ project: projectId, title, order: orderAtEnd(cards) }),
          failure: 'The card was not added.',
        }),
      ),
    rename: (cardId, title) =>
      run({
        write: () => records.update(cardId, { title }),
        foresee: (list) => list.map((card) => (card.id === cardId ? { ...card, title } : card)),
        failure: 'The card keeps its title.',
      }),
    move: async (cardId, direction) => {
      return said(`Card moved ${direction}.`)(
        await setOrder(cardId, orderAfterMove(cards, cardId, direction)),
      )
    },
    place: (cardId, place) => setOrder(cardId, orderAtPlace(cards, cardId, place)),
    remove: async (cardId) =>
      said('Card deleted.')(
        await run({
          write: () => records.delete(cardId),
          foresee: (list) => list.filter(({ id }) => id !== cardId),
          failure: 'The card was not deleted.',
        }),
      ),
  }
}

/** Tells those who do not see it, and passes the outcome on. */
function said(sentence: string): (happened: boolean) => boolean {
  return (happened) => {
    if (happened) announce(sentence)
    return happened
  }
}
