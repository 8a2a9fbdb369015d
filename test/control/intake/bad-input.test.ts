import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FAILURES } from '../../../schemas/failure.ts'
import { refusedSample } from '../../../src/control/intake/intake-summary.ts'
import { factsOf, LIMITS, linesOf, setup, type World } from './world.ts'

const refusedOf = ({ corpus }: World) =>
  corpus
    .prepare('SELECT line_number, byte_offset, code, message, excerpt FROM refused ORDER BY line_number')
    .all()

describe('an input that cannot be read at all', () => {
  test('is missing: refused with its path, before any other is read', async () => {
    const world = await setup()
    const sound = await world.put('facts.jsonl', [{ text: 'x' }])
    const missing = join(world.folder, 'nowhere.jsonl')
    await expect(world.take([sound, missing])).rejects.toMatchObject({
      code: 'input_not_found',
      message: `there is no file ${missing}`,
    })
    expect(factsOf(world.corpus)).toEqual([])
  })

  test('is a directory', async () => {
    const world = await setup()
    const path = join(world.folder, 'inputs')
    await mkdir(path)
    await expect(world.take([path])).rejects.toMatchObject({ code: 'input_unreadable', exitCode: 2 })
  })

  // A superuser may read everything.
  test.skipIf(process.getuid?.() === 0)('may not be read', async () => {
    const world = await setup()
    const path = await world.put('facts.jsonl', [{ text: 'x' }])
    await chmod(path, 0o000)
    await expect(world.take([path])).rejects.toThrow(/permission denied/)
  })

  test.each([
    ['with a mark', Buffer.from('\uFEFF{"text":"x"}\n', 'utf16le')],
    ['without a mark', Buffer.from('{"text":"x"}\n', 'utf16le')],
    ['with the other byte order', Buffer.from('\uFEFF{"text":"x"}\n', 'utf16le').swap16()],
  ])('is UTF-16 %s', async (_, bytes) => {
    const world = await setup()
    const plain = await world.put('facts.jsonl', bytes)
    await expect(world.take([plain])).rejects.toThrow(/is UTF-16; save it as UTF-8/)
    const compressed = await world.put('facts.jsonl.gz', gzipSync(bytes))
    await expect(world.take([compressed], { planNo: 2 })).rejects.toMatchObject({ code: 'input_unreadable' })
  })

  test.each(['facts.parquet', 'facts.sqlite', 'facts.db'])('%s is text', async (name) => {
    const world = await setup()
    const path = await world.put(name, 'fact_id,text\n')
    await expect(world.take([path])).rejects.toThrow(/is not what its name says/)
  })

  test.each([
    ['Parquet', Buffer.from('PAR1 and no more')],
    ['SQLite', Buffer.from(`SQLite format 3\0${'damaged'.repeat(99)}`)],
  ])('begins like %s and goes on otherwise', async (name, bytes) => {
    const world = await setup()
    const path = await world.put('facts.bin', bytes)
    await expect(world.take([path])).rejects.toThrow(`${path} is not a sound ${name} file`)
  })

  test('is a SQLite file of several tables, and none is named', async () => {
    const world = await setup()
    await expect(world.take([world.corpus.name])).rejects.toThrow(
      /name one table as .*clusters, coverage, facts/,
    )
    await expect(world.take([`${world.corpus.name}#none`])).rejects.toThrow(/has no table none; it has /)
  })

  test('is named twice, or there is none', async () => {
    const world = await setup()
    const path = await world.put('facts.jsonl', [])
    await expect(world.take([path, path])).rejects.toMatchObject({ code: 'usage' })
    await expect(world.take([])).rejects.toMatchObject({ code: 'usage' })
  })
})

test.each(['facts.jsonl', 'facts.csv', 'facts.parquet'])(
  'an empty %s holds 0 facts and is no fault',
  async (name) => {
    const world = await setup()
    const summary = await world.take([await world.put(name, '')], { maxRefusedShare: 0 })
    expect(summary).toMatchObject({ lines: 0, added: 0, refused: 0 })
  },
)

describe('a bad line is refused with its place, and the others are taken', () => {
  const good = (factId: string): string => JSON.stringify({ fact_id: factId, text: 'x' })

  test.each([
    ['no JSON', Buffer.from('not json'), 'line_not_json'],
    ['no text', Buffer.from('{"fact_id":"b"}'), 'text_missing'],
    ['no UTF-8', Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), 'line_not_utf8'],
    ['UTF-8 of a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'line_not_utf8'],
    ['a NUL byte', Buffer.from('{"text":"a\0b"}'), 'line_has_nul'],
    ['an escaped NUL', Buffer.from('{"text":"a\\u0000b"}'), 'line_has_nul'],
    ['a lone surrogate', Buffer.from('{"text":"\\ud800"}'), 'text_lone_surrogate'],
    ['10 MB', Buffer.from(`{"text":"${'x'.repeat(10_000_000)}"}`), 'line_too_long'],
    ['one byte too much', Buffer.from(`{"text":"${'x'.repeat(LIMITS.maxLineBytes - 10)}"}`), 'line_too_long'],
    [
      'a text that is too long',
      Buffer.from(`{"text":"${'x'.repeat(LIMITS.maxTextChars + 1)}"}`),
      'text_too_long',
    ],
  ])('%s', async (_, line, code) => {
    const world = await setup()
    const bytes = Buffer.concat([Buffer.from(`${good('a')}\n`), line, Buffer.from(`\n${good('c')}\n`)])
    const summary = await world.take([await world.put('facts.jsonl', bytes)])
    expect(summary).toMatchObject({ lines: 3, added: 2, refused: 1 })
    const byteOffset = good('a').length + 1
    expect(refusedOf(world)).toMatchObject([{ line_number: 2, byte_offset: byteOffset, code }])
    const places = world.corpus
      .prepare("SELECT byte_offset, line_number FROM facts WHERE fact_id = 'c'")
      .get()
    expect(places).toEqual({ byte_offset: byteOffset + line.length + 1, line_number: 3 })
  })

  test('a last line that is too long has an end too', async () => {
    const world = await setup()
    const path = await world.put('facts.jsonl', `${good('a')}\n${'x'.repeat(9_000_000)}`)
    expect(await world.take([path])).toMatchObject({ lines: 2, added: 1, refused: 1 })
  })

  test('the same id with other content: the second, with the place of the first', async () => {
    const world = await setup()
    const first = await world.put('first.jsonl', [
      { fact_id: 'z', text: 'z' },
      { fact_id: 'a', text: 'one' },
    ])
    const second = await world.put('second.jsonl', [
      { fact_id: 'a', text: 'two' },
      { fact_id: 'a', text: 'one' },
    ])
    const summary = await world.take([first, second])
    expect(summary).toMatchObject({ lines: 4, added: 2, repeated: 1, refused: 1 })
    expect(refusedOf(world)).toMatchObject([
      {
        line_number: 1,
        code: 'fact_id_repeated',
        message: `"a" has other content in ${first}, line 2, byte 27`,
      },
    ])
    expect(factsOf(world.corpus)).toMatchObject([{ fact_id: 'a', text: 'one' }, { fact_id: 'z' }])
  })

  test('a removal of a fact that was never planned', async () => {
    const world = await setup()
    await world.take([await world.put('facts.jsonl', [{ fact_id: 'a', removed: true }])])
    expect(refusedOf(world)).toMatchObject([{ code: 'removed_unknown' }])
  })

  test('CSV: stray quotes and missing fields cost one line each, an open quote only its own', async () => {
    const world = await setup()
    const lines = [
      'fact_id,text',
      'a,x',
      'b,"x"y',
      'c,x,z',
      'd',
      'e,5" pipe',
      'f,"open',
      'g,x',
      'h,"x"',
      'i,x',
    ]
    const summary = await world.take([await world.put('facts.csv', lines.join('\n'))])
    expect(refusedOf(world)).toMatchObject(
      [3, 4, 5, 6, 7].map((line_number) => ({ line_number, code: 'line_not_csv' })),
    )
    expect(factsOf(world.corpus).map((fact) => (fact as { fact_id: string }).fact_id)).toEqual([
      'a',
      'g',
      'h',
      'i',
    ])
    expect(summary).toMatchObject({ lines: 9, added: 4, refused: 5 })
  })

  test('what a person sees of it is short, on one line and without control characters', async () => {
    const world = await setup()
    await world.take([await world.put('facts.jsonl', `\u001b[31m\0${'x'.repeat(999)}`)])
    const [sample] = refusedSample(world.corpus, 1, 5)
    expect(sample!.excerpt).toBe(`\uFFFD[31m\uFFFD${'x'.repeat(194)}`)
  })
})

describe('a gzip that is cut off', () => {
  const records = Array.from({ length: 5_000 }, (_, at) => ({
    fact_id: `f${at}`,
    text: `Statement ${at * 7919}`,
  }))

  test('gives every whole line before the cut, then fails with the place, and goes on once it is mended', async () => {
    const world = await setup()
    const whole = gzipSync(linesOf(records))
    const path = await world.put('facts.jsonl.gz', whole.subarray(0, whole.length - 3_000))
    await expect(world.take([path])).rejects.toMatchObject({
      code: 'input_unreadable',
      message: expect.stringMatching(/cannot be read any further than byte \d+: .*were taken/),
    })
    const taken = factsOf(world.corpus).length
    expect(taken).toBeGreaterThan(3_000)
    expect(taken).toBeLessThan(5_000)
    const [input] = world.corpus.prepare('SELECT lines, added, is_complete FROM inputs').all()
    expect(input).toEqual({ lines: taken, added: taken, is_complete: 0 })

    await world.put('facts.jsonl.gz', whole)
    expect(await world.take([path])).toMatchObject({ lines: 5_000, added: 5_000, repeated: 0 })
  })

  test('takes the same lines every time', async () => {
    const bytes = gzipSync(linesOf(records))
    const taken = new Set<number>()
    for (let time = 0; time < 3; time += 1) {
      const world = await setup()
      const path = await world.put('facts.jsonl.gz', bytes.subarray(0, bytes.length >> 1))
      await expect(world.take([path])).rejects.toThrow()
      taken.add(factsOf(world.corpus).length)
    }
    expect(taken.size).toBe(1)
  })
})

describe('too many refused lines', () => {
  const lines = (bad: number, good: number): string =>
    'bad\n'.repeat(bad) + linesOf(Array.from({ length: good }, (_, at) => ({ fact_id: `${at}`, text: 'x' })))

  test('stop the plan after everything is recorded, with the first five and exit code 3', async () => {
    const world = await setup()
    const path = await world.put('facts.jsonl', lines(7, 93))
    const failure = await world.take([path], { maxRefusedShare: 0.01 }).catch((cause: unknown) => cause)
    expect(failure).toMatchObject({ code: 'too_many_refused', exitCode: 3 })
    const message = (failure as Error).message.split('\n')
    expect(message[0]).toBe('7 of 100 lines were refused, at most 1 are allowed; the first ones:')
    expect(message.slice(1, -1)).toHaveLength(5)
    expect(message[1]).toContain(`${path}, line 1: line_not_json`)
    expect(message.at(-1)).toBe(`  line_not_json: ${FAILURES.line_not_json.hint}`)
    expect(world.corpus.prepare('SELECT added, refused FROM inputs').all()).toEqual([
      { added: 93, refused: 7 },
    ])
  })

  test('as many as the share allows do not', async () => {
    const world = await setup()
    const path = await world.put('facts.jsonl', lines(1, 99))
    expect(await world.take([path], { maxRefusedShare: 0.01 })).toMatchObject({ refused: 1 })
  })

  test('stop the same plan again until more are allowed', async () => {
    const world = await setup()
    const path = await world.put('facts.jsonl', lines(2, 8))
    await expect(world.take([path], { maxRefusedShare: 0.1 })).rejects.toMatchObject({
      code: 'too_many_refused',
    })
    await expect(world.take([path], { maxRefusedShare: 0.1 })).rejects.toMatchObject({
      code: 'too_many_refused',
    })
    expect(await world.take([path], { maxRefusedShare: 0.2 })).toMatchObject({
      lines: 10,
      added: 8,
      refused: 2,
    })
  })
})

test('every line of whatever file ends in exactly one counter, and every refused one has a row', async () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd')
  const word = fc.constantFrom('x', 'y', '', 'Grün', '\u0000', '\ud800')
  const record = fc.record(
    { fact_id: id, text: word, domain: fc.constantFrom('p', 'q'), removed: fc.boolean() },
    { requiredKeys: ['text'] },
  )
  const line = fc.oneof(
    record.map((value) => Buffer.from(JSON.stringify(value))),
    fc.string().map((text) => Buffer.from(text.replaceAll('\n', ' '))),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a))),
    fc.constant(Buffer.alloc(2_000, 'x')),
  )
  const isBlank = (bytes: Buffer): boolean => /^\s*$/.test(bytes.toString())
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(line), { minLength: 1, maxLength: 3 }), async (files) => {
      const world = await setup()
      // The first bytes decide what the file is; that is another test's matter.
      const contents = files.map((lines) => [Buffer.from('{"text":"first"}'), ...lines])
      const paths = await Promise.all(
        contents.map((lines, at) =>
          world.put(`${at}.jsonl`, Buffer.concat(lines.flatMap((bytes) => [bytes, Buffer.from('\n')]))),
        ),
      )
      const limits = { maxLineBytes: 1_000, maxTextChars: 100 }
      const summary = await world.take(paths, { limits, domains: ['', 'p'] })
      const { added, changed, removed, known, repeated, filtered, refused } = summary
      const records = contents.flat().filter((bytes) => !isBlank(bytes)).length
      expect(summary.lines).toBe(records)
      expect(added + changed + removed + known + repeated + filtered + refused).toBe(records)
      expect(refusedOf(world)).toHaveLength(refused)
      expect(factsOf(world.corpus)).toHaveLength(added)
      expect(changed + known + removed).toBe(0)
    }),
    { numRuns: 60 },
  )
})
