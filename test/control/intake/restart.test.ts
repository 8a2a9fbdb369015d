import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { linesOf, rowsOf, setup, type World } from './world.ts'

/** About four blocks, with every fate that a line of a first plan can have. */
const CONTENT = Array.from({ length: 12_000 }, (_, at) => {
  const text = `Statement ${at}. ${'It goes on and on. '.repeat(60)}`
  if (at % 1_000 === 7) return 'bad\n'
  if (at % 1_000 === 8) return linesOf([{ fact_id: 'f0', text: 'other content' }])
  if (at % 1_000 === 9) return linesOf([{ fact_id: 'gone', text: 'x', domain: 'elsewhere' }])
  const number = at % 1_000 === 10 ? at - 10 : at
  return linesOf([
    { fact_id: `f${number}`, dup_group_id: `g${number % 5_000}`, text: text.replace(`${at}`, `${number}`) },
  ])
}).join('')

const DOMAINS = ['']
const FORMS: [string, (world: World) => Promise<string>][] = [
  ['plain', (world) => world.put('facts.jsonl', CONTENT)],
  ['gzipped', (world) => world.put('facts.jsonl.gz', gzipSync(CONTENT, { level: 1 }))],
]

/** Paths differ between the worlds, and stand in rows and messages. */
const comparable = (world: World): string => JSON.stringify(rowsOf(world.corpus)).replaceAll(world.folder, '')

describe.each(FORMS)('an intake of a %s file that is broken off', (_, put) => {
  test('between any two blocks ends with the rows of one that was not, when it is run again', async () => {
    const whole = await setup()
    const expected = await whole.take([await put(whole)], { domains: DOMAINS })
    expect(expected).toMatchObject({ repeated: 12, filtered: 12, refused: 24 })

    const broken = await setup()
    const path = await put(broken)
    let tries = 0
    const takeOneBlock = () =>
      broken.take([path], {
        domains: DOMAINS,
        onProgress: () => {
          throw new RangeError('broken off')
        },
      })
    while (
      await takeOneBlock().then(
        () => false,
        (cause) => cause instanceof RangeError,
      )
    )
      tries += 1
    expect(tries).toBeGreaterThan(2)
    expect(comparable(broken)).toBe(comparable(whole))
  })
})

test('an interrupted intake says so and goes on', async () => {
  const world = await setup()
  const path = await world.put('facts.jsonl', CONTENT)
  const controller = new AbortController()
  const interrupted = world.take([path], { onProgress: () => controller.abort(), signal: controller.signal })
  await expect(interrupted).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 })
  expect(await world.take([path])).toMatchObject({ lines: 12_000 })
})

test('a finished intake that is run again changes no row', async () => {
  const world = await setup()
  const path = await world.put('facts.jsonl', CONTENT)
  const first = await world.take([path])
  const rows = comparable(world)
  expect(await world.take([path])).toEqual(first)
  expect(comparable(world)).toBe(rows)
})

test('an input that was changed in between is refused, not mixed with what it was', async () => {
  const world = await setup()
  const path = await world.put('facts.jsonl', CONTENT)
  const broken = world.take([path], {
    onProgress: () => {
      throw new RangeError('broken off')
    },
  })
  await expect(broken).rejects.toThrow(RangeError)
  for (const content of [CONTENT.slice(0, 1_000), CONTENT.replaceAll('goes', 'went'), '']) {
    writeFileSync(path, content)
    await expect(world.take([path])).rejects.toMatchObject({ code: 'plan_mismatch' })
  }
  await expect(world.take([await world.put('other.jsonl', [])])).rejects.toMatchObject({
    code: 'plan_mismatch',
  })
})

test('SIGKILL after any committed block loses nothing and counts nothing twice', async () => {
  const whole = await setup()
  await whole.take([await whole.put('facts.jsonl', CONTENT)], { domains: DOMAINS })
  const killed = await setup()
  const path = await killed.put('facts.jsonl', CONTENT)
  for (let kills = 0; kills < 3; kills += 1) {
    const child = startIntake(join(killed.folder, 'corpus.sqlite'), path)
    await once(child.stdout!, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await killed.take([path], { domains: DOMAINS })
  expect(comparable(killed)).toBe(comparable(whole))
})

/** Says something on its standard output after each block. */
const startIntake = (corpusPath: string, path: string): ChildProcess =>
  spawn(
    process.execPath,
    ['--import', 'tsx', new URL('./take-file.ts', import.meta.url).pathname, corpusPath, path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
