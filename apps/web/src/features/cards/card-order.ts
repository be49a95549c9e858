/** Where a card goes when it is added or moved: a fractional index between its new neighbours. */
import { compareCards, type Card, type CardId } from '@studio/contracts/card'
import { generateKeyBetween } from 'fractional-indexing'

export type Direction = 'left' | 'right'

type Placed = Pick<Card, 'id' | 'order'>

/** The order of a card that is added after all others. */
export function orderAtEnd(cards: readonly Placed[]): string {
  return generateKeyBetween(cards.at(-1)?.order ?? null, null)
}

/**
 * The order that puts a card one place to the left or right of where it is, or `undefined` when it is there already.
 * Two people who add a card in the same instant give both the same order, told apart by id. Nothing fits between
 * those two by writing one record, so a card passes both at once.
 */
export function orderAfterMove(
  cards: readonly Placed[],
  cardId: CardId,
  direction: Direction,
): string | undefined {
  const sorted = cards.toSorted(compareCards)
  const index = sorted.findIndex(({ id }) => id === cardId)
  const passed = sorted[index + (direction === 'left' ? -1 : 1)]
  if (index === -1 || passed === undefined) return undefined
  const others = sorted.filter(({ id }) => id !== cardId)
  if (direction === 'left') {
    const before = others.findLast(({ order }) => order < passed.order)
    return generateKeyBetween(before?.order ?? null, passed.order)
  }
  const after = others.find(({ order }) => order > passed.order)
  return generateKeyBetween(passed.order, after?.order ?? null)
}

/**
 * The order that puts a card at a place counted from 0, or `undefined` when it is there already. Where its two new
 * neighbours have the same order it comes after both.
 */
export function orderAtPlace(cards: readonly Placed[], cardId: CardId, place: number): string | undefined {
  const sorted = cards.toSorted(compareCards)
  const index = sorted.findIndex(({ id }) => id === cardId)
  if (index === -1 || index === place) return undefined
  const others = sorted.filter(({ id }) => id !== cardId)
  const before = others[place - 1]
  const after =
    before === undefined ? others[0] : others.find(({ order }, at) => at >= place && order > before.order)
  return generateKeyBetween(before?.order ?? null, after?.order ?? null)
}

/** The cards with one of them at another order, sorted as every screen shows them. */
export function withOrder(cards: readonly Card[], cardId: CardId, order: string): Card[] {
  return cards.map((card) => (card.id === cardId ? { ...card, order } : card)).sort(compareCards)
}
