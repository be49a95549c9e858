/** How much memory the Asset Service takes when many inline uploads come at once. */

import { INLINE_MAX_BYTES, KIB } from '@studio/contracts/limits'
import type { StoredFile } from '@studio/contracts/upload'
import { rowOf, type BoundName } from '../bounds.ts'
import { makeFiles, type MadeFile } from '../made-file.ts'
import { residentMemory, resetPeakMemory } from '../process-usage.ts'
import { inLanes, timed } from '../statistics.ts'
import type { RowGroup } from './measure.ts'

const UPLOADS = 1_000

/** A group for files of this size; a process that has just started, so that the peak is this load's alone. */
function parallelInline(name: BoundName, size: number): RowGroup {
  return {
    title: `1,000 parallel inline uploads of ${size / KIB} KiB`,
    names: [name],
    async measure({ stack, person }) {
      const server = stack.part('asset-server')
      await server.stop()
      await server.start()
      const before = await residentMemory(server.pid())
      await resetPeakMemory(server.pid())
      const records = await person.countRecords()
      const files = makeFiles(UPLOADS, size)
      let stored: StoredFile[] = []
      const took = await timed(async () => {
        const work = (file: MadeFile) => person.upload(file, 'inline')
        stored = await inLanes(files, { lanes: UPLOADS, work })
      })
      const [first] = stored
      if (first !== undefined && files[0] !== undefined) await person.expectStored(first.fileId, files[0])
      await person.expectRecords(records + UPLOADS)
      const { peak } = await residentMemory(server.pid())
      return [
        rowOf(name, {
          figure: peak,
          detail: `${Math.round(before.now)} MiB before; all stored in ${(took / 1000).toFixed(1)} s`,
        }),
      ]
    },
  }
}

export const inlineMemory = parallelInline('inlineMemory', 64 * KIB)
export const largestInlineMemory = parallelInline('largestInlineMemory', INLINE_MAX_BYTES)
