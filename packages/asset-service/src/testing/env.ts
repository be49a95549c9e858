/** The environment of tests that look for faults: how thoroughly. */
import { z } from 'zod'

const runsSchema = z
  .union([z.literal('').transform(() => undefined), z.coerce.number().int().positive()])
  .optional()

/** A number makes crash tests try every effect at every moment, as a nightly run does; without one they try a sample. */
export const faultRuns = runsSchema.parse(process.env['FAULT_RUNS'])
