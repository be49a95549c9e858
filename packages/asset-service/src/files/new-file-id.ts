/** Makes file ids. */
import { randomInt } from 'node:crypto'
import { fileIdSchema, type FileId } from '@studio/contracts/file'
import { RECORD_ID_ALPHABET, RECORD_ID_LENGTH } from '@studio/contracts/record-id'

/** 15 characters from 36, about 77 bits from the system's secure source: no two are ever the same. */
export function newFileId(): FileId {
  const characters = Array.from(
    { length: RECORD_ID_LENGTH },
    () => RECORD_ID_ALPHABET[randomInt(RECORD_ID_ALPHABET.length)],
  )
  return fileIdSchema.parse(characters.join(''))
}
