/** That adding and moving put a card where one means, by one order that everyone sorts alike. */
import { cardOrderSchema, compareCards, type Card, type CardId } from '@studio/contracts/card'
import { generateNKeysBetween } from 'fractional-indexing'
import { describe, expect, it } from 'vitest'
import { orderAfterMove, orderAtEnd, orderAtPlace, withOrder } from './card-order.ts'

type Placed = Pick<Card, 'id' | 'order'>

function card(name: string, order: string): Placed {
  return { id: name.padEnd(15, '0') as CardId, order }
}

const names = (cards: readonly Placed[]) =>
  cards
    .toSorted(compareCards)
    .map(({ id }) => id[0])
    .join('')

function move(cards: readonly Placed[], name: string, direction: 'left' | 'right'): string {
  const id = name.padEnd(15, '0') as CardId
  const order = orderAfterMove(cards, id, direction)
  if (order === undefined) return names(cards)
  expect(cardOrderSchema.safeParse(order).success).toBe(true)
  return names(withOrder(cards as readonly Card[], id, order))
}

const BOARD = [card('a', 'a0'), card('b', 'a1'), card('c', 'a2'), card('d', 'a3')]

describe('orderAtEnd', () => {
  it('begins an empty board', () => {
    expect(cardOrderSchema.safeParse(orderAtEnd([])).success).toBe(true)
  })

  it('comes after the last card', () => {
    expect(names([...BOARD, card('e', orderAtEnd(BOARD))])).toBe('abcde')
  })
})

describe('orderAfterMove', () => {
  it.each([
    ['b', 'left', 'bacd'],
    ['b', 'right', 'acbd'],
    ['a', 'right', 'bacd'],
    ['d', 'left', 'abdc'],
    ['c', 'right', 'abdc'],
  ] as const)('moves %s one place to the %s', (name, direction, expected) => {
    expect(move(BOARD, name, direction)).toBe(expected)
  })

  it('leaves the outermost cards where they are', () => {
    expect(orderAfterMove(BOARD, card('a', '').id, 'left')).toBeUndefined()
    expect(orderAfterMove(BOARD, card('d', '').id, 'right')).toBeUndefined()
  })

  it('knows nothing of a card that is gone', () => {
    expect(orderAfterMove(BOARD, card('z', '').id, 'left')).toBeUndefined()
  })

  it('passes two cards of the same order at once', () => {
    const board = [card('a', 'a0'), card('b', 'a1'), card('c', 'a1'), card('d', 'a2')]
    expect(move(board, 'd', 'left')).toBe('adbc')
    expect(move(board, 'a', 'right')).toBe('bcad')
  })

  it('leaves a pair of the same order on either side', () => {
    const board = [card('a', 'a1'), card('b', 'a1')]
    expect(move(board, 'a', 'right')).toBe('ba')
    expect(move(board, 'b', 'left')).toBe('ba')
  })

  it('goes through a whole board and back, always by one place', () => {
    let cards: Placed[] = generateNKeysBetween(null, null, 40).map((order, index) =>
      card(String.fromCodePoint(0x4e00 + index), order),
    )
    const id = cards[0]?.id as CardId
    for (const direction of ['right', 'left'] as const) {
      for (let step = 1; step < cards.length; step += 1) {
        cards = withOrder(cards as Card[], id, orderAfterMove(cards, id, direction) ?? '')
        expect(cards.findIndex((found) => found.id === id)).toBe(direction === 'right' ? step : 39 - step)
      }
    }
  })

  it('still fits after a thousand moves between the same two', () => {
    let cards: Placed[] = BOARD
    for (let turn = 0; turn < 1000; turn += 1) {
      const id = cards[2]?.id as CardId
      cards = withOrder(cards as Card[], id, orderAfterMove(cards, id, 'left') ?? '')
    }
    for (const { order } of cards) expect(order.length).toBeLessThanOrEqual(200)
  })
})

describe('orderAtPlace', () => {
  const place = (cards: readonly Placed[], name: string, at: number) => {
    const id = card(name, '').id
    const order = orderAtPlace(cards, id, at)
    return order === undefined ? names(cards) : names(withOrder(cards as readonly Card[], id, order))
  }

  it.each([
    ['a', 0, 'abcd'],
    ['a', 1, 'bacd'],
    ['a', 3, 'bcda'],
    ['d', 0, 'dabc'],
    ['c', 1, 'acbd'],
    ['b', 3, 'acdb'],
  ] as const)('puts %s at place %i', (name, at, expected) => {
    expect(place(BOARD, name, at)).toBe(expected)
  })

  it('comes after two cards of the same order that it is put between', () => {
    const board = [card('a', 'a0'), card('b', 'a1'), card('c', 'a1'), card('d', 'a2')]
    expect(place(board, 'a', 1)).toBe('bcad')
    expect(place(board, 'd', 2)).toBe('abcd')
  })

  it('says that nothing changes where a card stays', () => {
    expect(orderAtPlace(BOARD, card('c', '').id, 2)).toBeUndefined()
    expect(orderAtPlace(BOARD, card('z', '').id, 2)).toBeUndefined()
  })
})
