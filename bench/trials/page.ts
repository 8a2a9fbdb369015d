/**
 * How long does somebody wait for the page over a large field: for the first figures, while they type, for a concept,
 * for a step in the graph?
 *
 * The server is asked over HTTP as the page asks it; the first paint is measured in Chromium by the browser's own
 * clock, from the start of the navigation until the verdict of the overview stands there.
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { configSchema } from '../../schemas/config.ts'
import { indexOrderOf } from '../../src/control/search/index-order.ts'
import { openWorkspace } from '../../src/control/workspace.ts'
import { buildIndex } from '../../src/field/search/build-index.ts'
import { type ServedPage, servePage } from '../../src/web/serve-page.ts'
import { mixed } from '../generators/random.ts'
import { generatedConceptId, generatedName, writeField } from '../generators/write-field.ts'
import type { Row, Trial, TrialContext } from '../support/trial.ts'

const CONCEPTS = 1_500_000
const SMALL_CONCEPTS = 2_000
const SESSIONS = 40
const SMALL_SESSIONS = 4
const TOKEN = 'token-of-the-bench'
const PAINTS = 5

export const trial: Trial = {
  name: 'page',
  question: 'How long does somebody wait for the page over a large field?',
  peers: [],
  async run(context) {
    const concepts = context.isSmall ? SMALL_CONCEPTS : Math.min(CONCEPTS, context.mostFacts * 1.5)
    const dir = join(context.workFolder, 'rff')
    context.say(`writing a field of ${concepts} concepts`)
    writeField(dir, concepts)
    context.say('making its search index')
    const index = makeIndex(dir)
    const served = await serve(dir)
    try {
      const typing = await typeWords(served, concepts, context)
      const rows: Row[] = [
        timesRow('search, a key pressed (server)', typing),
        timesRow('concept with its members and edges', await visit(served, concepts, context, '')),
        timesRow('step in the graph', await visit(served, concepts, context, '/neighbourhood')),
      ]
      const paints = await paintTimes(served, context)
      return {
        rows: paints === null ? rows : [...rows, timesRow('first figures in Chromium', paints)],
        absentPeers: paints === null ? ['chromium'] : [],
        notes: [
          `${concepts} concepts with three members and three edges each. The index took ${(index.ms / 1_000).toFixed(0)} s and ${(index.bytes / 1e6).toFixed(0)} MB, once.`,
          'Targets: a key pressed at most 100 ms at p95 on the server, first figures at most 1 s.',
        ],
      }
    } finally {
      await served.close()
    }
  },
}

function makeIndex(dir: string): { ms: number; bytes: number } {
  const workspace = openWorkspace(dir, 'use')
  try {
    const { order } = indexOrderOf(workspace, null)
    const start = performance.now()
    buildIndex(order, () => undefined)
    return { ms: performance.now() - start, bytes: statSync(order.indexPath).size }
  } finally {
    workspace.close()
  }
}

const serve = (workspaceDir: string): Promise<ServedPage> =>
  servePage({
    workspaceDir,
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    loadConfig: () => configSchema.parse({}),
    promptText: () => null,
    env: {},
    nowMs: Date.now,
  })

async function timed(served: ServedPage, path: string): Promise<number> {
  const start = performance.now()
  const response = await fetch(`${served.origin}/api${path}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  })
  await response.arrayBuffer()
  if (response.status !== 200) throw new Error(`${path} was answered with ${response.status}`)
  return performance.now() - start
}

const sessionsOf = ({ isSmall }: TrialContext): number => (isSmall ? SMALL_SESSIONS : SESSIONS)

/** A name is typed letter by letter, every other one narrowed to a domain. */
async function typeWords(served: ServedPage, concepts: number, context: TrialContext): Promise<number[]> {
  const times: number[] = []
  for (let session = 0; session < sessionsOf(context); session++) {
    const name = generatedName(mixed(session, 50) % concepts)
    const domain = session % 2 === 0 ? '' : `&domain=area-${session % 40}`
    for (let end = 1; end <= name.length; end++)
      times.push(await timed(served, `/search?q=${encodeURIComponent(name.slice(0, end))}${domain}`))
  }
  return times
}

/** Every fourth is a hub: those are the concepts with the low numbers, dealt out. */
async function visit(
  served: ServedPage,
  concepts: number,
  context: TrialContext,
  part: string,
): Promise<number[]> {
  const times: number[] = []
  for (let session = 0; session < sessionsOf(context) * 4; session++) {
    const n = session % 4 === 0 ? (session * 7_919) % concepts : mixed(session, 51) % concepts
    times.push(await timed(served, `/concepts/${generatedConceptId(n)}${part}`))
  }
  return times
}

/** null where there is no Chromium. */
async function paintTimes(served: ServedPage, { isSmall }: TrialContext): Promise<number[] | null> {
  const path = spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim()
  if (path === '') return null
  const browser = await chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  })
  try {
    const times: number[] = []
    for (let round = 0; round < (isSmall ? 1 : PAINTS); round++) {
      const page = await (await browser.newContext()).newPage()
      await page.addInitScript(
        `new MutationObserver((_, seen) => {
          if (document.querySelector('.verdict-word') === null) return
          seen.disconnect()
          requestAnimationFrame(() => { window.paintedMs = performance.now() })
        }).observe(document, { childList: true, subtree: true })`,
      )
      await page.goto(served.link)
      await page.locator('.verdict-word').waitFor()
      times.push(
        await page.evaluate<number>(
          'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(window.paintedMs))))',
        ),
      )
      await page.context().close()
    }
    return times
  } finally {
    await browser.close()
  }
}

function timesRow(name: string, times: readonly number[]): Row {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): number =>
    Math.round(10 * sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!) / 10
  return { name, cells: { asked: times.length, 'p50 ms': at(0.5), 'p95 ms': at(0.95), 'most ms': at(1) } }
}
