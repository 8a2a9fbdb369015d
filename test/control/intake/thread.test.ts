/** Threads load compiled files only, so this runs what `npm run build` made. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { IntakeOptions } from '../../../src/control/intake/intake.ts'
import { rowsOf, setup, type World } from './world.ts'

const compiled = new URL('../../../dist/src/control/intake/intake.js', import.meta.url)
const { intake } = (await import(compiled.href)) as typeof import('../../../src/control/intake/intake.ts')

/** Few lines, but as many bytes as are worth a thread; hashes do not shrink when they are compressed. */
const LINES = 2_400
const noise = (at: number): string =>
  Array.from({ length: 115 }, (_, part) => createHash('sha512').update(`${at} ${part}`).digest('hex')).join(
    '',
  )

const CONTENT = Array.from({ length: LINES }, (_, at) => {
  if (at % 400 === 7) return 'bad'
  if (at % 400 === 8) return '{"fact_id":"f0","text":"other content"}'
  return JSON.stringify({
    fact_id: `f${at % 400 === 9 ? at - 5 : at}`,
    text: noise(at % 400 === 9 ? at - 5 : at),
  })
}).join('\n')

const FORMS: [string, string, () => string | Buffer][] = [
  ['plain', 'facts.jsonl', () => CONTENT],
  ['gzipped', 'facts.jsonl.gz', () => gzipSync(CONTENT, { level: 1 })],
]

function take({ corpus }: World, path: string, options: Partial<IntakeOptions>) {
  return intake(corpus, {
    planNo: 1,
    inputs: [path],
    map: {},
    replace: false,
    frozen: false,
    maxRefusedShare: 1,
    limits: { maxLineBytes: 1_048_576, maxTextChars: 20_000 },
    threadCount: 2,
    ...options,
  })
}

const comparable = (world: World): string =>
  createHash('sha256')
    .update(JSON.stringify(rowsOf(world.corpus)).replaceAll(world.folder, ''))
    .digest('hex')

/** Handles of threads that live; a thread that was ended has none. */
const threadsAlive = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'MessagePort').length

describe.each(FORMS)('a %s file that a thread reads', (_, name, contentOf) => {
  test('ends with the rows of one that no thread read, also when it is broken off between its blocks', async () => {
    const alone = await setup()
    const content = contentOf()
    const first = await take(alone, await alone.put(name, content), { threadCount: 1 })
    expect(first).toMatchObject({ lines: LINES, repeated: 6, refused: 12 })

    const broken = await setup()
    const path = await broken.put(name, content)
    const before = threadsAlive()
    const breakOff = () => {
      expect(threadsAlive()).toBeGreaterThan(before)
      throw new RangeError('broken off')
    }
    for (let tries = 0; tries < 3; tries++) {
      await expect(take(broken, path, { onProgress: breakOff })).rejects.toThrow(RangeError)
      expect(threadsAlive()).toBe(before)
    }
    await take(broken, path, {})
    expect(comparable(broken)).toBe(comparable(alone))
    expect(readdirSync(broken.folder).filter((file) => file.includes('arriving'))).toEqual([])
  })
})

test('what the thread cannot read is told with the code and the words of one that read here', async () => {
  const world = await setup()
  const whole = gzipSync(CONTENT, { level: 1 })
  const path = await world.put('facts.jsonl.gz', whole.subarray(0, whole.length - 100_000))
  const failures: unknown[] = []
  for (const threadCount of [2, 1]) {
    const other = await setup()
    await take(other, path, { threadCount }).catch((cause: unknown) => failures.push(cause))
    failures.push(comparable(other))
  }
  expect(failures[0]).toMatchObject({ code: 'input_unreadable', message: (failures[2] as Error).message })
  expect(failures[1]).toBe(failures[3])
})

test('a file that became another one in between is refused', async () => {
  const world = await setup()
  const path = await world.put('facts.jsonl', CONTENT)
  const controller = new AbortController()
  const options = { signal: controller.signal, onProgress: () => controller.abort() }
  await expect(take(world, path, options)).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 })
  await world.put('facts.jsonl', CONTENT.replaceAll('f', 'g'))
  await expect(take(world, path, {})).rejects.toMatchObject({ code: 'plan_mismatch' })
})
