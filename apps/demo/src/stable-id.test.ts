import { describe, expect, it } from 'vitest'
import { recordIdSchema } from '@studio/contracts/record-id'
import { stableId } from './stable-id.ts'

describe('stableId', () => {
  it('is a record id, and the same on every run', () => {
    expect(recordIdSchema.parse(stableId('project', 'Northern Lights'))).toBe('yk3jc4dqaxrb6o0')
  })

  it('differs where the words differ, also in where one ends and the next begins', () => {
    const ids = [stableId('a', 'bc'), stableId('ab', 'c'), stableId('abc'), stableId('a', 'b', 'c')]
    expect(new Set(ids).size).toBe(ids.length)
  })
})
