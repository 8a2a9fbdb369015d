/** The page: frame, addresses, keys. Each view is a file of its own and is rendered into the middle. */
import './main.css'
import { takeToken } from './api.ts'
import { h } from './dom.ts'
import { buildFrame } from './frame.ts'
import { listenForKeys } from './keys.ts'
import { followOverview } from './live.ts'
import { failureNote, isAbort } from './parts.ts'
import { applyTheme } from './theme.ts'
import type { View, ViewContext } from './view.ts'
import { askForToken } from './views/ask-for-token.ts'
import { conceptView } from './views/concept.ts'
import { errorsView } from './views/errors.ts'
import { estimateView } from './views/estimate.ts'
import { factView } from './views/fact.ts'
import { fieldView } from './views/field.ts'
import { healthView } from './views/health.ts'
import { overviewView } from './views/overview.ts'
import { quarantineView } from './views/quarantine.ts'
import { runsView } from './views/runs.ts'
import { spendView } from './views/spend.ts'
import { walkView } from './views/walk.ts'

/** Those in the menu, in its order. */
const MENU: readonly View[] = [
  overviewView,
  runsView,
  spendView,
  errorsView,
  quarantineView,
  fieldView,
  healthView,
  estimateView,
]
const VIEWS: readonly View[] = [...MENU, conceptView, walkView, factView]

function start(): void {
  applyTheme()
  takeToken()
  const frame = buildFrame(MENU)
  document.body.replaceChildren(...frame.elements)
  const live = followOverview((state) => {
    frame.showConnection(state)
    if (state === 'closed') askForToken(frame.main)
  })
  live.watch(frame.showWork)
  let leave = new AbortController()

  const show = (): void => {
    leave.abort()
    leave = new AbortController()
    const { view, params, query } = readAddress()
    document.title = `${view.title} · rff-shard`
    frame.markView(view.name)
    const root = h('div.view', { 'data-view': view.name })
    const heading = h('h1', { tabindex: '-1' }, view.title)
    frame.main.replaceChildren(heading, root)
    const context: ViewContext = {
      params,
      query,
      live,
      signal: leave.signal,
      announce: frame.announce,
      setQuery(changed) {
        const text = changed.toString()
        const path = location.hash.split('?')[0] ?? ''
        history.replaceState(null, '', text === '' ? path : `${path}?${text}`)
      },
    }
    void Promise.resolve(view.render(root, context)).catch((cause: unknown) => {
      if (!isAbort(cause)) root.replaceChildren(failureNote(cause))
    })
  }

  addEventListener('hashchange', () => {
    show()
    scrollTo(0, 0)
    frame.main.querySelector('h1')?.focus({ preventScroll: true })
  })
  listenForKeys(MENU, frame)
  show()
}

function readAddress(): { view: View; params: string[]; query: URLSearchParams } {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?')
  const [name, ...params] = path.split('/').map(decodeURIComponent)
  return {
    view: VIEWS.find((view) => view.name === name) ?? overviewView,
    params,
    query: new URLSearchParams(query),
  }
}

start()
