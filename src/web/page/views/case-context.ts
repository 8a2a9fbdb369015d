/** What the parts of the quarantine's view share. */
import type { QuarantineCase } from '../../../../schemas/page/quarantine.ts'

export interface CaseContext {
  readonly signal: AbortSignal
  announce(text: string): void
  /** The case is in another state now. */
  onChanged(state: QuarantineCase['state']): void
}

const STATES: Readonly<Record<QuarantineCase['state'], string>> = {
  quarantined: 'waits',
  retried: 'tried again',
  accepted_missing: 'accepted as missing',
  corrected: 'corrected by hand',
  needs_review: 'needs a look',
}
/** A case's state as people read it. */
export const stateWord = (state: QuarantineCase['state']): string => STATES[state]
