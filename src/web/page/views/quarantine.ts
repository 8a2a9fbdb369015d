/** The quarantine to read through: groups of alike cases, one case after another, and what a person makes of each. */
import type { CaseGroups, CaseList, QuarantineCase } from '../../../../schemas/page/quarantine.ts'
import { count, plural } from '../../../language/counted.ts'
import { get } from '../api.ts'
import { fill, h, said } from '../dom.ts'
import { isTyping } from '../keys.ts'
import { failureNote, isAbort, note, pill } from '../parts.ts'
import { type View, type ViewContext, viewHref } from '../view.ts'
import { stateWord } from './case-context.ts'
import { caseReader } from './quarantine-case.ts'

export const quarantineView: View = {
  name: 'quarantine',
  title: 'Quarantine',
  async render(root, context) {
    const groups = h('div.case-groups', {})
    const list = h('div.case-list', {})
    const reader = h('div.case-reader', { tabindex: '-1', 'aria-label': 'The case' })
    root.append(groups, h('div.case-columns', {}, list, reader))
    await browser(context, { groups, list, reader }).begin()
  },
}

interface Places {
  readonly groups: HTMLElement
  readonly list: HTMLElement
  readonly reader: HTMLElement
}

type CaseLine = CaseList['cases'][number]

function browser(context: ViewContext, { groups, list, reader }: Places) {
  const { query, setQuery, signal, announce } = context
  let lines: CaseLine[] = []
  let after: string | null = null
  let at = -1

  const showGroups = async (): Promise<void> => {
    const { groups: found, unreadable } = await get<CaseGroups>('/quarantine/groups', {}, signal)
    fill(
      groups,
      ...groupButtons(found, query),
      unreadable.length === 0 ? null : note(`Shards that cannot be read: ${unreadable.join(', ')}.`),
    )
  }
  const showList = (): void => {
    const items = lines.map((line, place) => {
      const button = h(
        'button.case-line',
        { type: 'button', 'aria-current': place === at ? 'true' : null, 'data-key': line.clusterId },
        h('span.case-text', {}, said(line.seedText)),
        h('span.hit-about', {}, line.codes.join(', ')),
        line.state === 'quarantined' ? null : pill('quiet', stateWord(line.state)),
      )
      button.addEventListener('click', () => void open(place))
      return h('li', {}, button)
    })
    const more = h('button.more', { type: 'button', 'data-key': 'more' }, 'Show more')
    more.addEventListener('click', () => void grow())
    fill(list, lines.length === 0 ? note('No case here.') : h('ol', {}, items), after === null ? null : more)
  }
  const grow = async (): Promise<void> => {
    const slice = {
      signature: query.get('signature'),
      code: query.get('code'),
      state: query.get('state'),
      after,
    }
    const page = await get<CaseList>('/quarantine/cases', slice, signal)
    lines = [...lines, ...page.cases]
    after = page.after
    showList()
  }
  const open = async (place: number): Promise<void> => {
    if (place >= lines.length && after !== null) await grow()
    const line = lines[place]
    if (line === undefined) return
    at = place
    showList()
    list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
    try {
      const path = `/quarantine/cases/${encodeURIComponent(line.clusterId)}`
      const shown = await get<QuarantineCase>(path, { shard: line.shardNo }, signal)
      if (lines[at] !== line) return
      fill(
        reader,
        ...caseReader(shown, { signal, announce, onChanged: (state) => void changed(line, state) }),
      )
    } catch (cause) {
      if (!isAbort(cause)) fill(reader, failureNote(cause))
    }
  }
  /** The line stays where it is, marked; the next case is opened, as somebody who reads through wants it. */
  const changed = async (line: CaseLine, state: CaseLine['state']): Promise<void> => {
    lines = lines.map((one) => (one === line ? { ...one, state } : one))
    await showGroups()
    await open(Math.min(at + 1, lines.length - 1))
  }
  const restart = async (): Promise<void> => {
    lines = []
    after = null
    at = -1
    await grow()
    if (lines.length > 0) await open(0)
    else fill(reader)
  }
  groups.addEventListener('click', (event) => {
    if ((event.target as HTMLElement).closest('button[data-waiting]') !== null) {
      if (query.has('state')) query.delete('state')
      else query.set('state', 'quarantined')
      setQuery(query)
      void Promise.all([showGroups(), restart()])
      return
    }
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>('button[data-signature]')
    if (button === null) return
    const { signature = '' } = button.dataset
    query.delete('code')
    if (signature === '' || query.get('signature') === signature) query.delete('signature')
    else query.set('signature', signature)
    setQuery(query)
    void Promise.all([showGroups(), restart()])
  })
  addEventListener(
    'keydown',
    (event) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'j') void open(at + 1)
      else if (event.key === 'k') void open(Math.max(0, at - 1))
      else reader.querySelector<HTMLElement>(`button[data-press="${CSS.escape(event.key)}"]`)?.click()
    },
    { signal },
  )
  return {
    async begin(): Promise<void> {
      try {
        await showGroups()
        await restart()
      } catch (cause) {
        if (!isAbort(cause)) fill(list, failureNote(cause))
      }
    },
  }
}

function groupButtons(groups: CaseGroups['groups'], query: URLSearchParams): HTMLElement[] {
  const all = groups.reduce((sum, { cases }) => sum + cases, 0)
  if (all === 0) return [note('Nothing is in quarantine.')]
  const code = query.get('code')
  const chosen = query.get('signature') ?? ''
  const button = (signature: string, label: HTMLElement | string, cases: number): HTMLElement =>
    h(
      'button.group',
      {
        type: 'button',
        'data-signature': signature,
        'data-key': `group ${signature}`,
        'aria-pressed': String(signature === chosen && code === null),
      },
      h('span', {}, label),
      h('span.facet-count', {}, count(cases)),
    )
  return [
    h(
      'div.groups',
      { role: 'group', 'aria-label': 'Groups of alike cases' },
      h(
        'button.group',
        {
          type: 'button',
          'data-waiting': true,
          'data-key': 'waiting',
          'aria-pressed': String(query.has('state')),
        },
        'Only those that wait',
      ),
      button('', 'All groups', all),
      groups.map(({ signature, cases }) => button(signature, said(signatureWords(signature)), cases)),
    ),
    ...(code === null
      ? []
      : [
          h(
            'p.note',
            {},
            `Only cases with ${code}. `,
            h('a', { href: viewHref('quarantine') }, `Show all ${plural(all, 'case')}`),
          ),
        ]),
  ]
}

/** `codes | relation types | domain`, without what is empty. */
const signatureWords = (signature: string): string =>
  signature
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' · ')
