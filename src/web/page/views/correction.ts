/** A correction by hand: the answer to edit, judged as it is typed by the same checks as a model's. */
import type { Checked, QuarantineCase } from '../../../../schemas/page/quarantine.ts'
import { plural } from '../../../language/counted.ts'
import { post } from '../api.ts'
import { fill, h, said } from '../dom.ts'
import { failureNote, isAbort } from '../parts.ts'
import type { CaseContext } from './case-context.ts'

const TYPING_PAUSE_MS = 250
const ROWS_MOST = 28

export function correctionEditor(
  { clusterId, shardNo, draft }: QuarantineCase,
  { signal, announce, onChanged, onClose }: CaseContext & { onClose(): void },
): HTMLElement {
  const path = `/quarantine/cases/${encodeURIComponent(clusterId)}`
  const text = h(
    'textarea',
    {
      id: 'correction',
      spellcheck: 'false',
      rows: Math.min(ROWS_MOST, draft.split('\n').length + 1),
      'aria-describedby': 'correction-verdict',
    },
    draft,
  )
  const memo = h('input', { id: 'correction-note', type: 'text', maxlength: 2_000 })
  const verdict = h('div', { id: 'correction-verdict', role: 'status' })
  const save = h('button.primary', { type: 'submit', disabled: true }, 'Take this correction')
  const close = h('button', { type: 'button', onclick: onClose }, 'Leave it')
  let checking = new AbortController()
  let timer = 0

  const check = async (): Promise<void> => {
    checking.abort()
    checking = new AbortController()
    const own = AbortSignal.any([checking.signal, signal])
    try {
      const { findings } = await post<Checked>(
        `${path}/check?shard=${shardNo}`,
        { text: text.value, note: '' },
        own,
      )
      if (own.aborted) return
      save.disabled = findings.length > 0
      fill(verdict, verdictOf(findings))
    } catch (cause) {
      if (!isAbort(cause) && !own.aborted) fill(verdict, failureNote(cause))
    }
  }
  text.addEventListener('input', () => {
    save.disabled = true
    clearTimeout(timer)
    timer = window.setTimeout(() => void check(), TYPING_PAUSE_MS)
  })
  const form = h(
    'form.correction',
    {},
    h('label', { for: 'correction' }, 'The structure, as it should be'),
    text,
    verdict,
    h('label', { for: 'correction-note' }, 'Note, for whoever asks later'),
    memo,
    h('div.actions', {}, save, close),
  )
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    save.disabled = true
    try {
      const { findings } = await post<Checked>(
        `${path}/correct`,
        { text: text.value, note: memo.value },
        signal,
      )
      if (findings.length > 0) return fill(verdict, verdictOf(findings))
      announce('The correction was taken; the next merge has it')
      onChanged('corrected')
    } catch (cause) {
      if (!isAbort(cause)) fill(verdict, failureNote(cause))
    }
  })
  void check()
  queueMicrotask(() => text.focus())
  return form
}

const verdictOf = (findings: Checked['findings']): HTMLElement =>
  findings.length === 0
    ? h('p.good', {}, 'It is valid.')
    : h(
        'div',
        {},
        h('p', {}, `${plural(findings.length, 'thing')} to mend:`),
        h(
          'ul.findings',
          {},
          findings.map(({ code, at, message }) =>
            h(
              'li',
              {},
              h('code.code-name', {}, code),
              at === '' ? null : h('code.at', {}, at),
              h('span', {}, said(message)),
            ),
          ),
        ),
      )
