/** The page in a real browser, over a workspace that the commands made: what a person does, and what must not happen. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ServedPage } from '../../src/web/serve-page.ts'
import { cliJson, startCli } from '../support/cli.ts'
import { plannedWorld, type World } from '../support/demo-world.ts'
import { folderOfFile } from '../support/folder.ts'
import { openBrowser } from '../support/page/browser.ts'
import { commonestRelation, pageWorld, serveWorld } from '../support/page/page-world.ts'
import { startSimServer } from '../support/sim-server/server.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const HOSTILE = [
  '<img src=x onerror="window.taken=1"> is a group with a <b>bold</b> unit.',
  '\u001b[31mRed\u001b[0m is a group with an escape \u202etnemele and a unit.',
  '"><script>window.taken=1</script> is a group of order two.',
  'javascript:window.taken=1 is a subgroup of a group.',
  "{{constructor.constructor('window.taken=1')()}} is a group with a unit.",
  '</textarea><svg onload="window.taken=1"> is a ring with a unit.',
]

const folder = folderOfFile()
let world: World
let served: ServedPage
let browser: Browser
/** Concepts that have links, so that there is somewhere to walk to. */
let linked: string
beforeAll(async () => {
  world = await pageWorld({ folder, every: 20, byRules: 45, hostile: HOSTILE })
  linked = `#/field?relation=${commonestRelation(world)}`
  served = await serveWorld(world)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await served?.close()
})

interface Look {
  readonly page: Page
  /** What the browser complained about: scripts that failed, things that the policy forbade. */
  readonly complaints: string[]
}

async function look(
  hash: string,
  options: { scheme?: 'light' | 'dark'; width?: number; at?: ServedPage } = {},
): Promise<Look> {
  const context = await browser.newContext({
    colorScheme: options.scheme ?? 'light',
    viewport: { width: options.width ?? 1280, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    const isAboutThePage = !message.text().includes('GL Driver Message') // this machine draws without a card
    if (isAboutThePage && ['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => {
    // The page drops a question that a later one has overtaken.
    const reason = request.failure()?.errorText
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`)
  })
  await page.goto((options.at ?? served).link)
  await page.locator('.verdict').waitFor()
  if (hash !== '#/overview') await go(page, hash)
  return { page, complaints }
}

/** To another view, when it shows what it loads. */
async function go(page: Page, hash: string): Promise<void> {
  const name = /^#\/([a-z]+)/.exec(hash)![1]
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  await page.locator(`[data-view=${name}]`).waitFor()
  await page.locator(READY[name!]!).first().waitFor()
}

/** What is there once a view has loaded what it shows. */
const READY: Readonly<Record<string, string>> = {
  overview: '.verdict',
  runs: '[data-view=runs] .shard-tile',
  spend: '[data-view=spend] table',
  errors: '.code',
  quarantine: '.side',
  field: '.hit',
  concept: '.concept-head',
  walk: '.neighbours h2',
  fact: '.fact-text',
  health: '[data-view=health] table',
  estimate: '[data-view=estimate] button',
}

const hashOf = (page: Page): Promise<string> => page.evaluate('location.hash') as Promise<string>

/** Nodes are painted, so the mouse looks for one as a hand does: where the cursor becomes one that points. */
async function clickNeighbour(page: Page, centreHash: string): Promise<void> {
  const box = (await page.locator('.graph').boundingBox())!
  for (let y = box.y + 8; y < box.y + box.height; y += 10) {
    for (let x = box.x + 8; x < box.x + box.width; x += 10) {
      await page.mouse.move(x, y)
      if ((await page.evaluate('document.querySelector(".graph").style.cursor')) !== 'pointer') continue
      await page.mouse.click(x, y)
      await page.locator('.neighbours h2').waitFor()
      if ((await hashOf(page)) !== centreHash || (await page.locator('.trail li').count()) > 1) return
    }
  }
  throw new Error('no node of a neighbour was found in the graph')
}

const closeContext = ({ page }: Look): Promise<void> => page.context().close()

describe('what a person does', () => {
  test('searches as they type, opens a concept, asks why, and comes to the line that a fact was read from', async () => {
    const found = await look('#/field')
    const { page, complaints } = found
    await page.getByRole('searchbox', { name: 'Search the field' }).pressSequentially('grou')
    await page.locator('.hit mark', { hasText: /group/i }).first().waitFor()
    await page.locator('.hit-name').first().press('Enter')
    await page.locator('.concept-head').waitFor()
    await page.locator('.members a').first().click()
    await page.locator('.fact-text').waitFor()
    expect(await page.locator('.pairs').innerText()).toMatch(/facts\.jsonl[\s\S]*line\s+\d+, at byte [\d,]+/)
    expect(complaints).toEqual([])
    await closeContext(found)
  })

  test('narrows a search by a facet to as many hits as the facet said', async () => {
    const found = await look('#/field?q=group')
    const { page } = found
    const facet = page.locator('.facet').first()
    const count = await facet.locator('.facet-count').innerText()
    await facet.click()
    await page.locator('.facet[aria-pressed=true]').waitFor()
    await page.locator('.result-line', { hasText: new RegExp(`^${count} concept`) }).waitFor()
    await closeContext(found)
  })

  test('finds by meaning what no word names, and nothing is sent before it is asked for', async () => {
    const server = await startSimServer({ embeddings: { synonyms: [['group', 'bunch']] } })
    const settings = join(world.dir, 'rff.toml')
    const before = readFileSync(settings, 'utf8')
    onTestFinished(async () => {
      writeFileSync(settings, before)
      await server.close()
    })
    const found = await look('#/field')
    const { page, complaints } = found
    const line = (text: string) => page.locator('.results', { hasText: text }).waitFor()
    const embeddings = '[embeddings]\nmodel = "ollama/embedder"\n'
    writeFileSync(settings, `${embeddings}${before}\n[providers.ollama]\nbaseUrl = "${server.url}"\n`)
    await cliJson(world.dir, ['embed'])
    const { requests } = server.stats()

    await page.getByRole('searchbox', { name: 'Search the field' }).pressSequentially('bunch')
    await line('Nothing in this field has any of these words')
    await page.getByRole('button', { name: 'By meaning too' }).waitFor()
    expect(server.stats().requests).toBe(requests)
    await page.keyboard.press('Enter')
    await line('Ranked by hybrid (ollama/embedder, ')
    expect(await page.locator('.hit').first().innerText()).toMatch(/group[\s\S]*by meaning/i)
    expect(server.stats().requests).toBe(requests + 1)

    await go(page, '#/spend')
    const spent = page.getByRole('table', { name: 'Spend on vectors' })
    expect(await spent.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^ollama\/embedder\s+the field\s+settled/),
      expect.stringMatching(/^ollama\/embedder\s+queries\s+settled\s+1\s+1/),
    ])
    expect(complaints).toEqual([])
    await closeContext(found)
  })

  test('walks the graph by keyboard and comes back by the trail', async () => {
    const found = await look(linked)
    const { page, complaints } = found
    await page.keyboard.press('Tab') // leaves the field where words are typed
    await page.locator('.hit-name').first().click()
    await page.getByRole('link', { name: 'Walk the graph from here' }).click()
    await page.locator('.neighbours .stop').first().waitFor()
    await page.locator('.graph canvas').first().waitFor({ state: 'attached' })
    const start = await page.locator('.trail [aria-current=step]').innerText()
    await page.keyboard.press('j')
    const next = await page.evaluate('document.activeElement.textContent')
    await page.keyboard.press('Enter')
    await page.locator('.trail li').nth(1).waitFor()
    expect(await page.locator('.trail [aria-current=step]').innerText()).toBe(next)
    await page.locator('.trail button').first().click()
    await page.locator('.trail [aria-current=step]', { hasText: start }).waitFor()
    expect(await page.locator('.trail li').count()).toBe(1)
    expect(complaints).toEqual([])
    await closeContext(found)
  })

  test('comes to the same concept by a click on its node as by its link', async () => {
    const found = await look(linked)
    const { page, complaints } = found
    await page.keyboard.press('Tab')
    await page.locator('.hit-name').first().click()
    await page.getByRole('link', { name: 'Walk the graph from here' }).click()
    await page.locator('.neighbours .stop').first().waitFor()
    await page.locator('.graph canvas').first().waitFor({ state: 'attached' })
    const [start, hash] = [await page.locator('.trail [aria-current=step]').innerText(), await hashOf(page)]
    await clickNeighbour(page, hash)
    await page.locator('.trail li').nth(1).waitFor()
    const clicked = await hashOf(page)
    const name = await page.locator('.trail [aria-current=step]').innerText()

    await page.locator('.trail button').first().click()
    await page.locator('.trail [aria-current=step]', { hasText: start }).waitFor()
    await page.locator(`.neighbours .stop[href="${clicked}"]`).first().focus()
    await page.keyboard.press('Enter')
    await page.locator('.trail li').nth(1).waitFor()
    expect(await hashOf(page)).toBe(clicked)
    expect(await page.locator('.neighbours h2').innerText()).toBe(name)
    expect(complaints).toEqual([])
    await closeContext(found)
  })

  test('reads the quarantine by keyboard: tries one again, accepts one, corrects one under the eyes of the checks', async () => {
    const found = await look('#/quarantine?state=quarantined')
    const { page, complaints } = found
    const shown = (): Promise<string> => page.locator('.case-head code').innerText()
    const states = (): { state: string; n: number }[] =>
      world.shardRows<{ state: string; n: number }>(
        'SELECT state, count(*) AS n FROM quarantine GROUP BY state',
      )
    const inState = (state: string): number =>
      states().reduce((sum, row) => sum + (row.state === state ? row.n : 0), 0)
    const first = await shown()
    await page.keyboard.press('j')
    await page.locator('.case-head code', { hasNotText: first }).waitFor()
    await page.keyboard.press('k')
    await page.locator('.case-head code', { hasText: first }).waitFor()

    await page.keyboard.press('r')
    await page.locator('.case-head code', { hasNotText: first }).waitFor()
    expect(inState('retried')).toBe(1)
    const second = await shown()
    await page.keyboard.press('a')
    await page.locator('.case-head code', { hasNotText: second }).waitFor()
    expect(inState('accepted_missing')).toBe(1)

    const third = await shown()
    await page.keyboard.press('c')
    const text = page.getByLabel('The structure, as it should be')
    await text.fill('{"concept":')
    await page.locator('.correction .code-name', { hasText: 'json_invalid' }).waitFor()
    expect(await page.getByRole('button', { name: 'Take this correction' }).isDisabled()).toBe(true)
    const facts = await page.locator('.case-facts > li').count()
    const seed = await page.locator('.case-facts bdi').first().innerText()
    await text.fill(JSON.stringify(onlyTheSeed(seed, facts)))
    await page.locator('.good').waitFor()
    await page.getByRole('button', { name: 'Take this correction' }).click()
    await page.locator('.case-line .pill', { hasText: 'corrected by hand' }).waitFor()
    expect(await shown()).not.toBe(third)
    expect(inState('corrected')).toBe(1)
    expect(world.conservation().difference).toBe(0)
    expect(complaints).toEqual([])
    await closeContext(found)
  })

  test('watches a run fill the shards without touching anything', async () => {
    const other = await plannedWorld({ facts: 60, shards: 4, args: ['--every'] })
    const page = await serveWorld(other)
    onTestFinished(() => page.close())
    const found = await look('#/runs', { at: page })
    const percents = found.page.locator('.shard-share')
    expect(await percents.allInnerTexts()).toEqual(new Array(4).fill('0.0 %'))
    const run = startCli(other.dir, ['run'])
    await expect
      .poll(() => percents.allInnerTexts(), { timeout: 120_000 })
      .toEqual(new Array(4).fill('100.0 %'))
    expect((await run.finished).exitCode).toBe(0)
    expect(found.complaints).toEqual([])
    await closeContext(found)
  })
})

/** Valid for any cluster: the seed alone, named by its own first word, the others left out. */
const onlyTheSeed = (seed: string, facts: number) => ({
  concept: {
    name: /[\p{L}]{3,}/u.exec(seed)?.[0] ?? seed,
    gloss: 'kept by hand',
    aliases: [],
    canonical_i: 0,
  },
  members: [{ i: 0, role: 'definition' }],
  dropped: Array.from({ length: facts - 1 }, (_, at) => ({ i: at + 1, reason: 'another subject' })),
  relations: [],
  links: [],
})

describe('what must not happen', () => {
  test('texts of facts and answers stay texts, in every view that shows them', async () => {
    const found = await look('#/field?kind=facts&q=group')
    const { page, complaints } = found
    await page.getByText('<img src=x onerror="window.taken=1">').first().waitFor()
    await go(page, '#/fact/evil%3A1')
    expect(await page.locator('.fact-text').innerText()).toContain('\\u{1b}[31mRed')
    expect(await page.locator('.fact-text').innerText()).toContain('\\u{202e}')
    for (const hash of [
      '#/fact/evil%3A0',
      '#/fact/evil%3A2',
      '#/fact/evil%3A4',
      '#/quarantine?state=quarantined',
    ])
      await go(page, hash)
    await page.keyboard.press('c')
    await page.locator('.correction').waitFor()
    expect(await page.evaluate(`'taken' in window`)).toBe(false)
    expect(await page.locator('img, iframe, object, main svg, main script').count()).toBe(0)
    expect(complaints).toEqual([])
    await closeContext(found)
  })

  test('without the token there is a place to give it, and no data', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(served.origin)
    await page.getByRole('heading', { name: 'This page is locked' }).waitFor()
    expect(await page.locator('body').innerText()).not.toMatch(/clusters|shard 0/)
    await context.close()
  })
})

const VIEWS = [
  'overview',
  'runs',
  'spend',
  'errors',
  'quarantine?state=quarantined',
  'field?q=group',
  'health',
  'estimate',
]

/** Those that a menu does not name are reached from a hit. */
async function everyView(found: Look, act: (name: string) => Promise<void>): Promise<void> {
  const { page } = found
  for (const view of VIEWS) {
    await go(page, `#/${view}`)
    if (view === 'estimate') {
      await page.getByRole('button', { name: 'Reckon what is left' }).click()
      await page.locator('.figure').first().waitFor()
    }
    if (view.startsWith('quarantine')) {
      await page.keyboard.press('c')
      await page.locator('.correction .good, .correction .findings').first().waitFor()
    }
    await act(view)
  }
  await go(page, linked)
  const concept = (await page.locator('.hit-name').first().getAttribute('href'))!
  await go(page, concept)
  await page.locator('.why').first().click()
  await page.locator('.evidence a').first().waitFor()
  await act('concept')
  await go(page, concept.replace('concept', 'walk'))
  await act('walk')
  await go(page, '#/fact/evil%3A0')
  await act('fact')
}

describe('for everybody', () => {
  test.each(['light', 'dark'] as const)('axe finds nothing serious in any view, %s', async (scheme) => {
    const found = await look('#/overview', { scheme })
    const faults: string[] = []
    await everyView(found, async (name) => {
      const violations = await runAxe(found.page)
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          faults.push(`${name}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`)
    })
    expect(faults).toEqual([])
    await closeContext(found)
  })

  test('at 360 pixels nothing has to be moved sideways', async () => {
    const found = await look('#/overview', { width: 360 })
    const wide: string[] = []
    await everyView(found, async (name) => {
      const over = await found.page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      if (over > 0) wide.push(`${name} by ${over} px`)
    })
    expect(wide).toEqual([])
    await closeContext(found)
  })
})

/** Evaluated in the page from outside, since the page's own policy takes no foreign script. */
async function runAxe(page: Page): Promise<AxeResults['violations']> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations
}
