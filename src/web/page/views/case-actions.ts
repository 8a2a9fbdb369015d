/** What can be done about a case: try it again, accept it as missing, or correct it by hand. */
import type { ChangedCases, QuarantineCase } from '../../../../schemas/page/quarantine.ts'
import { post } from '../api.ts'
import { fill, h } from '../dom.ts'
import { failureNote, isAbort } from '../parts.ts'
import type { CaseContext } from './case-context.ts'
import { correctionEditor } from './correction.ts'

export function caseActions(
  shown: QuarantineCase,
  context: CaseContext,
  outcome: HTMLElement,
  editor: HTMLElement,
): HTMLElement {
  const { clusterId } = shown
  const change = async (
    path: string,
    body: unknown,
    state: QuarantineCase['state'],
    said: string,
  ): Promise<void> => {
    try {
      const { clusterIds, held } = await post<ChangedCases>(path, body, context.signal)
      const [first] = held
      if (clusterIds.length > 0) {
        context.announce(said)
        context.onChanged(state)
      } else if (first !== undefined)
        fill(
          outcome,
          h(
            'p.failure',
            { role: 'alert' },
            `Shard ${first.shardNo} is held by ${first.heldBy}; try again when it is free.`,
          ),
        )
      else
        fill(
          outcome,
          h('p.failure', { role: 'alert' }, 'The case is in another state by now; nothing was changed.'),
        )
    } catch (cause) {
      if (!isAbort(cause)) fill(outcome, failureNote(cause))
    }
  }
  const button = (key: string, label: string, act: () => void): HTMLElement =>
    h(
      'button',
      { type: 'button', 'data-press': key, 'data-key': label, onclick: act },
      label,
      ' ',
      h('kbd', { 'aria-hidden': 'true' }, key),
    )
  if (shown.state === 'retried')
    return h('p.note', {}, 'It is back in the frontier: the next run takes it, and decides.')
  return h(
    'div.actions',
    {},
    button(
      'r',
      'Try again',
      () =>
        void change(
          '/quarantine/retry',
          { clusterIds: [clusterId], signature: null },
          'retried',
          'Back in the frontier; the next run takes it',
        ),
    ),
    button(
      'a',
      'Accept as missing',
      () =>
        void change(
          '/quarantine/accept',
          { clusterIds: [clusterId], note: '' },
          'accepted_missing',
          'Accepted as missing',
        ),
    ),
    button('c', 'Correct by hand', () =>
      fill(editor, correctionEditor(shown, { ...context, onClose: () => fill(editor) })),
    ),
  )
}
