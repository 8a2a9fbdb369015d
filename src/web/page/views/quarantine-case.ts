/** One case: the facts beside the answer, what failed marked in it, and what can be done. */
import type { QuarantineCase } from '../../../../schemas/page/quarantine.ts'
import { count, plural } from '../../../language/counted.ts'
import { answerLines, isAbout } from '../answer-lines.ts'
import { type Child, h, link, said } from '../dom.ts'
import { dollars } from '../format.ts'
import { pill, table } from '../parts.ts'
import { factHref } from '../view.ts'
import { caseActions } from './case-actions.ts'
import { type CaseContext, stateWord } from './case-context.ts'

export function caseReader(shown: QuarantineCase, context: CaseContext): Child[] {
  const outcome = h('div', {})
  const editor = h('div', {})
  return [
    h(
      'header.case-head',
      {},
      h('h2', {}, h('code', {}, shown.clusterId)),
      pill(shown.state === 'quarantined' ? 'look' : 'quiet', stateWord(shown.state)),
      h('span.hit-about', {}, said(shown.domain), ` · shard ${shown.shardNo}`),
    ),
    findingsList(shown),
    caseActions(shown, context, outcome, editor),
    outcome,
    editor,
    h('div.side-by-side', {}, factsSide(shown), answerSide(shown)),
    attemptsPart(shown),
  ]
}

const findingsList = ({ findings, codes }: QuarantineCase): HTMLElement =>
  h(
    'ul.findings',
    { 'aria-label': 'What failed' },
    findings.map(({ code, at, message }) =>
      h(
        'li',
        {},
        h('code.code-name', { title: codes.find((one) => one.code === code)?.hint ?? '' }, code),
        at === '' ? null : h('code.at', {}, at),
        h('span', {}, said(message)),
      ),
    ),
    findings.length > 0
      ? null
      : codes.map(({ code, hint }) => h('li', {}, h('code.code-name', {}, code), h('span', {}, hint))),
  )

/** Facts that a finding is about, by the positions that it names in the answer. */
function factsAbout({ answer, findings }: QuarantineCase): ReadonlySet<number> {
  const lines = answer === null ? null : answerLines(answer)
  const about = new Set<number>()
  for (const { path, text } of lines ?? [])
    if (findings.some(({ at }) => /\[\d+\]/.test(at) && isAbout(at, path)))
      for (const [, name, position] of text.matchAll(/"(i|src_i|dst_i|canonical_i)": (\d+)/g))
        if (name !== undefined) about.add(Number(position))
  return about
}

function factsSide(shown: QuarantineCase): HTMLElement {
  const about = factsAbout(shown)
  return h(
    'section.side',
    { 'aria-label': 'Facts' },
    h('h3', {}, 'Facts'),
    h(
      'ol.case-facts',
      {},
      shown.facts.map(({ i, standing, factId, text }) =>
        h(
          `li${about.has(i) ? '.is-about' : ''}${standing === 'context' ? '.is-context' : ''}` as 'li',
          {},
          h('span.position', {}, i),
          h(
            'div',
            {},
            said(text),
            h(
              'span.hit-about',
              {},
              standing === 'member' ? null : `${standing} · `,
              link(factHref(factId), {}, said(factId)),
            ),
          ),
        ),
      ),
    ),
  )
}

function answerSide({ answer, findings }: QuarantineCase): HTMLElement {
  const head = h('h3', {}, 'Answer')
  if (answer === null)
    return h('section.side', { 'aria-label': 'Answer' }, head, h('p.note', {}, 'No answer ever came.'))
  const lines = answerLines(answer)
  if (lines === null)
    return h(
      'section.side',
      { 'aria-label': 'Answer' },
      head,
      h('p.note', {}, 'It is not JSON; word for word:'),
      h('pre.answer', { tabindex: '0', 'aria-label': 'Answer, word for word' }, said(answer)),
    )
  const places = findings.filter(({ at }) => at !== '')
  return h(
    'section.side',
    { 'aria-label': 'Answer' },
    head,
    h(
      'pre.answer',
      { tabindex: '0', 'aria-label': 'Answer' },
      lines.map(({ text, path }) => {
        const here = places.filter(
          ({ at }) =>
            at === path ||
            (isAbout(at, path) && path.length >= at.length) ||
            (at.startsWith(`${path}.`) && text.trimEnd().endsWith('}')),
        )
        const first = here.find(({ at }) => at === path)
        return h(
          `span.answer-line${here.length > 0 ? '.is-wrong' : ''}` as 'span',
          {},
          said(text, ' '),
          first === undefined ? null : h('span.answer-why', {}, ` ${first.code}`),
        )
      }),
    ),
  )
}

const attemptsPart = ({ attempts }: QuarantineCase): HTMLElement =>
  h(
    'details',
    {},
    h('summary', {}, plural(attempts.length, 'attempt')),
    table(
      'Attempts',
      [
        { heading: 'Attempt', cell: ({ attemptId }) => attemptId },
        { heading: 'Lane', cell: ({ lane }) => lane },
        { heading: 'Model', cell: ({ model }) => said(model) },
        { heading: 'State', cell: ({ state }) => state },
        {
          heading: 'Codes',
          cell: ({ failureCode, errorCodes }) => [failureCode ?? '', errorCodes.join(', ')],
        },
        { heading: 'Answer tokens', isNumber: true, cell: ({ answerTokens }) => count(answerTokens) },
        {
          heading: 'Took',
          isNumber: true,
          cell: ({ latencyMs }) => (latencyMs === null ? '–' : `${count(latencyMs)} ms`),
        },
        { heading: 'Spent', isNumber: true, cell: ({ microUsd }) => dollars(microUsd) },
      ],
      attempts,
    ),
  )
