/** What stands around every view: menu, search, how the work goes, and a place where changes are said aloud. */
import type { Overview } from '../../../schemas/page/overview.ts'
import { count } from '../../language/counted.ts'
import { fill, h, link, said } from './dom.ts'
import { percent, rate } from './format.ts'
import { keysDialog } from './keys.ts'
import { pill } from './parts.ts'
import { themeSwitch } from './theme.ts'
import { type View, viewHref } from './view.ts'

export interface Frame {
  readonly elements: readonly HTMLElement[]
  readonly main: HTMLElement
  readonly search: HTMLInputElement
  readonly showKeys: () => void
  announce(text: string): void
  markView(name: string): void
  showConnection(state: 'heard' | 'lost' | 'closed'): void
  showWork(overview: Overview): void
}

/** Views that belong to one of the menu's. */
const PART_OF: Readonly<Record<string, string>> = { concept: 'field', walk: 'field', fact: 'field' }

export function buildFrame(menu: readonly View[]): Frame {
  const main = h('main', { id: 'main', tabindex: '-1' })
  const voice = h('div.unseen', { role: 'status', 'aria-live': 'polite' })
  const work = h('div.work', {})
  const connection = h('div.connection', { role: 'status' })
  const links = new Map(menu.map((view) => [view.name, menuLink(view)]))
  const badge = h('span.badge', { hidden: true })
  links.get('quarantine')?.append(badge)
  const nav = h(
    'nav',
    { id: 'menu', 'aria-label': 'Views' },
    h(
      'ul',
      {},
      [...links.values()].map((one) => h('li', {}, one)),
    ),
  )
  const menuButton = h(
    'button.menu-button',
    { type: 'button', 'aria-expanded': 'false', 'aria-controls': 'menu' },
    'Menu',
  )
  const openMenu = (isOpen: boolean): void => {
    menuButton.setAttribute('aria-expanded', String(isOpen))
    nav.classList.toggle('is-open', isOpen)
  }
  menuButton.addEventListener('click', () => openMenu(menuButton.getAttribute('aria-expanded') !== 'true'))
  const search = h('input', {
    type: 'search',
    id: 'find',
    placeholder: 'Find a concept',
    'aria-label': 'Find a concept',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const form = h('form.find', { role: 'search' }, search, h('kbd', { 'aria-hidden': 'true' }, '/'))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    location.hash = `${viewHref('field')}?q=${encodeURIComponent(search.value)}`
    search.value = ''
  })
  const keys = keysDialog()
  const keysButton = h('button.quiet', { type: 'button', onclick: () => keys.showModal() }, 'Keys')
  const header = h(
    'header',
    {},
    h('div.brand', {}, menuButton, link('#/overview', { class: 'name' }, 'rff-shard')),
    form,
    work,
    h('div.tools', {}, keysButton, themeSwitch()),
  )
  const skip = link('#main', { class: 'skip' }, 'Skip to the content')
  skip.addEventListener('click', (event) => {
    event.preventDefault() // the address is the view's
    main.focus()
  })
  return {
    elements: [skip, header, nav, main, connection, voice, keys],
    main,
    search,
    showKeys: () => keys.showModal(),
    announce(text) {
      voice.textContent = text
    },
    markView(name) {
      openMenu(false)
      for (const [own, element] of links) {
        if (own === (PART_OF[name] ?? name)) element.setAttribute('aria-current', 'page')
        else element.removeAttribute('aria-current')
      }
    },
    showConnection(state) {
      connection.textContent = state === 'lost' ? 'The server does not answer; trying again.' : ''
      connection.classList.toggle('is-lost', state === 'lost')
    },
    showWork(overview) {
      fill(work, workLine(overview))
      const { quarantined } = overview.totals
      badge.hidden = quarantined === 0
      badge.textContent = count(quarantined)
    },
  }
}

const menuLink = (view: View): HTMLAnchorElement => link(viewHref(view.name), {}, h('span', {}, view.title))

function workLine({ workspace, run, totals, clustersPerSecond }: Overview): HTMLElement[] {
  const done = totals.ok + totals.quarantined
  const isRunning = run?.isWorkedOn === true
  return [
    h('span.workspace', { title: workspace }, said(workspace.split('/').at(-1) ?? workspace)),
    isRunning
      ? pill(
          'live',
          `${percent(done, totals.seeds)}${clustersPerSecond === null ? '' : `, ${rate(clustersPerSecond)}`}`,
        )
      : pill('quiet', run === null ? 'no run yet' : 'nobody runs'),
  ]
}
