/**
 * Pictures of every view, from a workspace that the commands make: `npm run screenshots` writes docs/images.
 *
 * The demo's corpus, half of it by the built-in rules and half by the simulated server with faults, so that there is
 * something to read in every view.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startCli } from '../cli.ts'
import { openBrowser } from './browser.ts'
import { commonestRelation, pageWorld, serveWorld } from './page-world.ts'

const IMAGES = new URL('../../../docs/images/', import.meta.url).pathname
/** Until a graph has come to rest and a curve is drawn. */
const SETTLE_MS = 1_500

interface Shot {
  readonly name: string
  readonly hash: string
  readonly scheme?: 'dark'
  readonly width?: number
  readonly height?: number
  readonly prepare?: (page: Page) => Promise<void>
}

const openFirst = async (page: Page): Promise<void> => {
  await page.locator('.hit-name').first().click()
  await page.locator('.concept-head').waitFor()
}
/** @param busy where concepts with links are listed */
const shots = (busy: string): readonly Shot[] => [
  { name: 'overview', hash: '#/overview' },
  { name: 'runs', hash: '#/runs' },
  { name: 'spend', hash: '#/spend' },
  { name: 'errors', hash: '#/errors' },
  { name: 'quarantine', hash: '#/quarantine?code=schema_invalid', height: 720 },
  { name: 'quarantine-small', hash: '#/quarantine?code=schema_invalid', width: 360 },
  { name: 'overview-small', hash: '#/overview', width: 360 },
  { name: 'field', hash: '#/field?q=energy' },
  { name: 'concept', hash: busy, prepare: openFirst },
  {
    name: 'walk',
    hash: busy,
    prepare: async (page) => {
      await openFirst(page)
      await page.getByRole('link', { name: 'Walk the graph from here' }).click()
      await page.locator('.neighbours h2').waitFor()
    },
  },
  { name: 'overview-dark', hash: '#/overview', scheme: 'dark' },
  { name: 'health', hash: '#/health' },
  {
    name: 'estimate',
    hash: '#/estimate',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Reckon what is left' }).click()
      await page.locator('.figure').first().waitFor()
    },
  },
]

/** Where the pictures were made is nobody's affair. */
const nameFolder = (page: Page, dir: string): Promise<void> =>
  page.evaluate(`for (const place of document.querySelectorAll('bdi'))
    if (place.textContent === ${JSON.stringify(dir)}) place.textContent = '/srv/facts/rff'`)

async function main(): Promise<void> {
  mkdirSync(IMAGES, { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'rff-screenshots-'))
  const world = await pageWorld({ folder, every: 3, byRules: 420, hostile: [] })
  const served = await serveWorld(world)
  const browser = await openBrowser()
  // Cases that are back in the frontier give the estimate something to reckon.
  await startCli(world.dir, ['quarantine', 'retry', '--code', 'json_invalid']).finished
  try {
    const busy = `#/field?relation=${commonestRelation(world)}`
    for (const { name, hash, scheme = 'light', width = 1280, height, prepare } of shots(busy)) {
      const context = await browser.newContext({
        colorScheme: scheme,
        viewport: { width, height: height ?? (width < 500 ? 740 : 800) },
      })
      const page = await context.newPage()
      await page.goto(served.link)
      await page.locator('.verdict').waitFor()
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
      if (hash.startsWith('#/field')) await page.locator('.hit').first().waitFor()
      if (hash.startsWith('#/quarantine')) await page.locator('.side').first().waitFor()
      await prepare?.(page)
      await page.waitForTimeout(SETTLE_MS)
      await nameFolder(page, world.dir)
      await page.screenshot({ path: join(IMAGES, `${name}.png`) })
      process.stdout.write(`${name}.png\n`)
      await context.close()
    }
  } finally {
    await browser.close()
    await served.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
