import { setImmediate } from 'node:timers/promises'
import { RffError } from '../../../schemas/failure.ts'
import type { MergeOptions, MergeStep } from './merge-place.ts'

/** Called before each step. @throws RffError interrupted where the merge was called off and still can be */
export type Announce = (step: MergeStep) => Promise<void>

/** Behind the swap nothing can be called off any more. */
const POINT_OF_NO_RETURN: readonly MergeStep[] = ['pointers', 'register']

/** Statements of minutes block this thread, so between them the loop gets a turn to hear a signal. */
export function announcer({ onProgress, signal }: MergeOptions, fieldTag: string): Announce {
  return async (step) => {
    await setImmediate()
    if (signal?.aborted && !POINT_OF_NO_RETURN.includes(step)) {
      throw new RffError(
        'interrupted',
        `the merge was stopped before its step ${step}; nothing was published`,
      )
    }
    onProgress?.(step, fieldTag)
  }
}
