/** Doing several things at once, of which all or none shall remain. */

/**
 * Like `Promise.all`, but on the first failure calls `undo`, and throws that failure only when every other one has
 * settled too: then nothing is still under way.
 */
export async function allOrUndo<T extends readonly unknown[]>(
  values: T,
  undo: () => Promise<void> | void,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const failures: unknown[] = []
  const undoOnce = async (thrown: unknown) => {
    failures.push(thrown)
    if (failures.length === 1) await undo()
  }
  await Promise.all(values.map((value) => Promise.resolve(value).catch(undoOnce)))
  if (failures.length > 0) {
    // Once more, for what had only begun to start when the first failure came.
    await undo()
    throw failures[0]
  }
  return Promise.all(values)
}
