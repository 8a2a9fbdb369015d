import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openLimitWords } from '../../db/queries/limit-words.ts'
import { newFolder } from '../support/folder.ts'

function setup() {
  const path = join(newFolder(), 'limits.sqlite')
  const open = () => {
    const file = openLimitWords(path)
    onTestFinished(() => file.close())
    return file
  }
  return { path, open }
}

function readNow(file: ReturnType<typeof openLimitWords>, limitId: string): bigint[] {
  const words = new BigInt64Array(2)
  return file.change(limitId, words, () => [...words])
}

test('of four threads that change a word as fast as they can, none undoes what another did', async () => {
  const { path, open } = setup()
  const file = open()
  const entry = new URL('change-in-thread.ts', import.meta.url).href
  // A thread of its own knows nothing of how the tests read TypeScript.
  const program = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(entry)}, ${JSON.stringify(entry)}))`
  const workers = Array.from(
    { length: 4 },
    () => new Worker(program, { eval: true, workerData: { path, times: 500 } }),
  )
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  expect(readNow(file, 'a')).toEqual([2_000n, 0n])
})

test('each limit has words of its own, and who begins sees what is there', () => {
  const { open } = setup()
  const [one, other] = [open(), open()]
  one.begin('a', (before) => {
    expect(before).toBeNull()
    return BigInt64Array.of(1n, 2n)
  })
  other.begin('b', () => BigInt64Array.of(3n, 4n))
  other.begin('a', (before) => before!.map((word) => word * 10n))
  expect([readNow(one, 'a'), readNow(one, 'b')]).toEqual([
    [10n, 20n],
    [3n, 4n],
  ])
})

test('what is thrown in the middle changes nothing', () => {
  const { open } = setup()
  const file = open()
  file.begin('a', () => BigInt64Array.of(1n, 1n))
  const words = new BigInt64Array(2)
  const spoil = (): never => {
    words[0] = 99n
    throw new Error('in the middle')
  }
  expect(() => file.change('a', words, spoil)).toThrow('in the middle')
  expect(readNow(file, 'a')).toEqual([1n, 1n])
})

test('one that is stopped while it has the lock does not stop the others', () => {
  const { path, open } = setup()
  const file = open()
  file.begin('a', () => BigInt64Array.of(7n, 7n))
  const words = BigInt64Array.of(7n, 7n)
  const stopped = new Database(path)
  onTestFinished(() => void stopped.close())
  stopped.exec('BEGIN IMMEDIATE')
  expect(file.change('a', words, () => words[0])).toBe(7n)
})

test('a file that is none is made anew', () => {
  const { path, open } = setup()
  writeFileSync(path, 'not a database, and longer than the header of one '.repeat(40))
  expect(readNow(open(), 'a')).toEqual([0n, 0n])
})

test('a file that opens and is torn further in is made anew', () => {
  const { path, open } = setup()
  const before = openLimitWords(path)
  before.begin('a', () => BigInt64Array.of(1n, 1n))
  before.close()
  const bytes = readFileSync(path)
  bytes.fill(0, 4_096) // the page of the row; the schema is on the first
  writeFileSync(path, bytes)
  const file = open()
  file.begin('a', (found) => {
    expect(found).toBeNull()
    return BigInt64Array.of(7n, 7n)
  })
  expect(readNow(file, 'a')).toEqual([7n, 7n])
})
