/** Walks one upload from state to state until it ends. */
import type { StoredFile } from '@studio/contracts/upload'
import { toStudioError } from '@studio/contracts/studio-error'
import { releaseUpload } from './settle-abort.ts'
import { untilAborted } from './until-aborted.ts'
import { isResumable } from './upload-error.ts'
import { progressOf, type UploadProgress } from './upload-progress.ts'
import { nextUploadState, type StateNamed, type UploadEvent, type UploadState } from './upload-state.ts'
import { createUploadSteps, type UploadJob, type UploadSteps } from './upload-steps.ts'
import type { UploadSurroundings } from './upload-surroundings.ts'

export interface RunUploadOptions {
  surroundings: UploadSurroundings
  job: Omit<UploadJob, 'onEvent'>
  start: UploadState
  onProgress: (progress: UploadProgress) => void
}

/** Resolves to the stored file; rejects with a `StudioError`, or an `AbortError` when the job's signal aborted in time. */
export async function runUpload({
  surroundings,
  job,
  start,
  onProgress,
}: RunUploadOptions): Promise<StoredFile> {
  let state = start
  const tell = createTeller(onProgress)
  const take = (event: UploadEvent) => {
    state = nextUploadState(state, event)
    tell(state)
  }
  const steps = createUploadSteps(surroundings, { ...job, onEvent: take })
  tell(state)
  for (;;) {
    switch (state.name) {
      case 'stored':
        return state.file
      case 'aborted':
        throw new DOMException('The upload was cancelled', 'AbortError')
      case 'failed':
        await releaseFailed(surroundings, state)
        throw state.error
      default:
        take(await runStep(steps, state, job))
    }
  }
}

/** After a failure that passes the upload is left as it is, so that repeating it with its key can go on. */
async function releaseFailed({ files }: UploadSurroundings, { error, fileId }: StateNamed<'failed'>) {
  if (fileId !== undefined && !isResumable(error)) await releaseUpload(files, fileId)
}

async function runStep(
  steps: UploadSteps,
  state: StateNamed<keyof UploadSteps>,
  { signal, gate }: Pick<UploadJob, 'signal' | 'gate'>,
): Promise<UploadEvent> {
  if (state.name === 'aborting') return steps.aborting(state)
  if (signal.aborted) return { name: 'abort' }
  // Each state has a step of its own name; TypeScript cannot follow the pairing through the look-up.
  const step = steps[state.name] as (state: UploadState) => Promise<UploadEvent>
  try {
    await gate.untilResumed(signal)
    return await untilAborted(step(state), signal)
  } catch (thrown) {
    return signal.aborted ? { name: 'abort' } : { name: 'failed', error: toStudioError(thrown) }
  }
}

/** Passes on what is new to a person, once. */
function createTeller(onProgress: (progress: UploadProgress) => void): (state: UploadState) => void {
  let told: UploadProgress | undefined
  return (state) => {
    const progress = progressOf(state)
    if (progress === undefined) return
    if (told?.phase === progress.phase && told.loaded === progress.loaded) return
    told = progress
    onProgress(progress)
  }
}
