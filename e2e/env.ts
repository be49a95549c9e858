/** The environment of these tests: whether this run may replace the README's screenshot, and how long it looks for faults. */
import { z } from 'zod'

/** Set to 1 by whoever wants `docs/screenshot.png` made anew; otherwise a test run changes no file of the checkout. */
export const updatesScreenshot = process.env['STUDIO_UPDATE_SCREENSHOT'] === '1'

const MIB = 1024 * 1024

const runsSchema = z
  .union([z.literal('').transform(() => undefined), z.coerce.number().int().positive()])
  .optional()

/**
 * How many random runs the faults suite makes. A number also makes it try every fault at every moment, as a nightly run does;
 * without one it is short.
 */
export const faultRuns = runsSchema.parse(process.env['FAULT_RUNS'])

const bytesSchema = z.union([
  z.literal('').transform(() => undefined),
  z.coerce
    .number()
    .int()
    .min(64 * MIB),
])

/** How large a file the test of a much disturbed upload sends; `5368709120` proves it for 5 GiB. */
export const resumeBytes = bytesSchema.optional().parse(process.env['E2E_RESUME_BYTES']) ?? 192 * MIB
