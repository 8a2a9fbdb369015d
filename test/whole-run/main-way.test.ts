/** The way from a file of facts to a published field, through the real command line. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { cli, cliJson } from '../support/cli.ts'
import { factsFile, fieldDigest, openWorld, plannedWorld } from '../support/demo-world.ts'

interface RunJson {
  readonly isClosed: boolean
  readonly todo: number
  readonly counts: { ok: number; quarantined: number; asked: number; reused: number }
}

describe('plan, run, merge', () => {
  test('every fact is covered, every cluster decided, and a healthy field is published', async () => {
    const world = await plannedWorld()
    const corpus = new Database(join(world.dir, 'corpus.sqlite'), { readonly: true })
    const coverage = corpus.prepare('SELECT * FROM audit_coverage').get() as {
      facts: number
      difference: number
    }
    expect(coverage).toMatchObject({ facts: 1_659, difference: 0 })

    const run = await cliJson<RunJson>(world.dir, ['run'])
    expect(run).toMatchObject({ isClosed: true, todo: 0 })
    expect(world.conservation()).toMatchObject({ todo: 0, quarantined: 0, difference: 0, ok: run.counts.ok })

    expect((await cli(world.dir, ['merge'])).exitCode).toBe(0)
    const field = new Database(join(world.dir, 'field', currentTag(world.dir), 'field.sqlite'), {
      readonly: true,
    })
    expect(field.prepare('SELECT * FROM audit_dangling').all()).toEqual([])
    expect(field.prepare('SELECT count(*) FROM concepts').pluck().get()).toBeGreaterThan(100)
    expect(field.prepare('SELECT count(*) FROM edges').pluck().get()).toBeGreaterThan(20)
  })

  test('planning the same again changes nothing, and there is nothing to run', async () => {
    const world = await plannedWorld({ facts: 300 })
    await cliJson(world.dir, ['run'])
    const before = world.conservation()
    const again = await cliJson<{ shards: { written: number } }>(world.dir, [
      'plan',
      join(world.dir, 'facts.jsonl'),
    ])
    expect(again.shards.written).toBe(0)
    expect(world.conservation()).toEqual(before)
    expect((await cliJson<RunJson>(world.dir, ['run'])).counts.asked).toBe(0)
  })

  test('a field grows over three parts of a corpus and equals that of one go in what it covers', async () => {
    const world = openWorld()
    const all = factsFile(join(world.dir, '..'))
    const lines = readFileSync(all, 'utf8').trimEnd().split('\n')
    const sizes: { concepts: number; facts: number }[] = []
    for (const part of [0, 1, 2]) {
      const path = join(world.dir, '..', `part-${part}.jsonl`)
      writeFileSync(path, `${lines.filter((_, at) => at % 3 === part).join('\n')}\n`)
      await cliJson(world.dir, ['plan', path, '--shards', '2'])
      await cliJson(world.dir, ['run'])
      await cliJson(world.dir, ['merge'])
      const field = new Database(join(world.dir, 'field', currentTag(world.dir), 'field.sqlite'), {
        readonly: true,
      })
      sizes.push(
        field.prepare('SELECT concepts, facts FROM audit_counts').get() as {
          concepts: number
          facts: number
        },
      )
    }
    expect(sizes[1]!.concepts).toBeGreaterThan(sizes[0]!.concepts)
    expect(sizes[2]!.concepts).toBeGreaterThan(sizes[1]!.concepts)
    expect(sizes[2]!.facts).toBeGreaterThan(sizes[1]!.facts)
  })

  test('covering dropped facts anew brings more facts into the field, and ends', async () => {
    const world = await plannedWorld({ facts: 100, shards: 1 })
    await cliJson(world.dir, ['run'])
    const released: number[] = []
    for (let round = 0; round < 40; round += 1) {
      const plan = await cliJson<{ released: number }>(world.dir, ['plan', '--dropped'])
      await cliJson(world.dir, ['run'])
      released.push(plan.released)
      if (plan.released === 0) break
    }
    expect(released.at(-1)).toBe(0)
    expect(released[0]).toBeGreaterThan(0)
    const facts = world.shardRows<{ fact_id: string }>('SELECT DISTINCT fact_id FROM delta_members')
    const corpus = new Database(join(world.dir, 'corpus.sqlite'), { readonly: true })
    const representatives = corpus
      .prepare("SELECT count(*) FROM coverage WHERE role <> 'duplicate'")
      .pluck()
      .get() as number
    expect(new Set(facts.map(({ fact_id }) => fact_id)).size).toBe(representatives)
  }, 180_000)
})

describe('a plan that was killed before it had written its shards', () => {
  test('is written with the next one, whatever that is about', async () => {
    const world = await plannedWorld({ facts: 200, shards: 2 })
    const { seeds } = world.conservation()
    const control = new Database(join(world.dir, 'control.sqlite'))
    control.exec("UPDATE plans SET state = 'write'")
    control.close()
    for (const name of readdirSync(join(world.dir, 'shards'))) rmSync(join(world.dir, 'shards', name))

    const other = join(world.dir, 'other.jsonl')
    writeFileSync(other, '{"fact_id":"x:1","text":"A quokka is a small wallaby of Western Australia."}\n')
    await cliJson(world.dir, ['plan', other])
    expect(world.conservation()).toMatchObject({ seeds: seeds + 1, todo: seeds + 1, difference: 0 })
  })
})

describe('facts that are removed', () => {
  test('are gone from the next field, also where a cluster had kept them from its context', async () => {
    const world = await plannedWorld({ facts: 200, shards: 2, args: ['--every'] })
    await cliJson(world.dir, ['run'])
    await cliJson(world.dir, ['merge'])
    const half = factsFile(join(world.dir, '..'), 100)
    await cliJson(world.dir, ['plan', half, '--replace'])
    await cliJson(world.dir, ['run'])
    // Half of all facts go, which a gate holds to be a mistake.
    await cliJson(world.dir, ['merge', '--override-gate', 'field_shrinks'])
    const field = new Database(join(world.dir, 'field', currentTag(world.dir), 'field.sqlite'), {
      readonly: true,
    })
    field.prepare('ATTACH ? AS corpus').run(join(world.dir, 'corpus.sqlite'))
    const removed = field.prepare(
      "SELECT count(*) FROM members JOIN corpus.facts f USING (fact_id) WHERE f.state = 'removed'",
    )
    expect(field.prepare('SELECT count(*) FROM members').pluck().get()).toBeGreaterThan(0)
    expect(removed.pluck().get()).toBe(0)
  })
})

describe('a plan that is refused', () => {
  test('leaves the finished one to run', async () => {
    const world = await plannedWorld({ facts: 60, shards: 1 })
    expect((await cli(world.dir, ['plan', 'no-such-file.jsonl'])).exitCode).toBe(2)
    const garbage = join(world.dir, 'garbage.jsonl')
    writeFileSync(garbage, 'no json\n'.repeat(5))
    expect((await cli(world.dir, ['plan', garbage])).exitCode).toBe(3)
    expect(await cliJson<RunJson>(world.dir, ['run'])).toMatchObject({ isClosed: true, todo: 0 })
  })
})

describe('several at once', () => {
  test('two processes share the shards of one run, and neither does the other one s work', async () => {
    const world = await plannedWorld({ shards: 8 })
    const both = await Promise.all([cli(world.dir, ['--json', 'run']), cli(world.dir, ['--json', 'run'])])
    const asked = both
      .filter(({ exitCode }) => exitCode === 0)
      .map(({ stdout }) => (JSON.parse(stdout) as RunJson).counts.asked)
    expect(both.every(({ exitCode }) => exitCode === 0 || exitCode === 8)).toBe(true)
    const rest = await cliJson<RunJson>(world.dir, ['run'])
    const { seeds, difference } = world.conservation()
    expect(asked.reduce((a, b) => a + b, 0) + rest.counts.asked).toBe(seeds)
    expect(difference).toBe(0)
  })

  test('--shard works on the shards it names and no other', async () => {
    const world = await plannedWorld({ facts: 400, shards: 4 })
    await cliJson(world.dir, ['run', '--shard', '1,3'])
    const rows = world.shardRows<{ todo: number; ok: number }>('SELECT todo, ok FROM audit_conservation')
    expect(rows.map(({ todo }) => todo === 0)).toEqual([false, true, false, true])
  })
})

describe('splitting a shard', () => {
  test('keeps every row, leaves the others alone and gives the same field', async () => {
    const world = await plannedWorld({ shards: 2 })
    await cliJson(world.dir, ['run', '--limit', '60'])
    const whole = world.conservation()
    const split = await cliJson<{ children: { shardNo: number }[] }>(world.dir, ['plan', '--split', '0'])
    expect(split.children.map(({ shardNo }) => shardNo)).toEqual([2, 3])
    expect(world.conservation()).toEqual(whole)
    await cliJson(world.dir, ['run'])
    await cliJson(world.dir, ['merge'])

    const plain = await plannedWorld({ shards: 2 })
    await cliJson(plain.dir, ['run'])
    await cliJson(plain.dir, ['merge'])
    expect(fieldDigest(world)).toBe(fieldDigest(plain))
  })
})

function currentTag(dir: string): string {
  const control = new Database(join(dir, 'control.sqlite'), { readonly: true })
  return control
    .prepare("SELECT field_tag FROM fields WHERE state = 'published' ORDER BY field_tag DESC LIMIT 1")
    .pluck()
    .get() as string
}
