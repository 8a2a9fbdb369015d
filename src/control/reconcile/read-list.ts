/** Reads a provider's list of requests: JSONL, a JSON array, or CSV with a line of column names. */
import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { CsvError, parse } from 'csv-parse'
import { bad, type Failure, good, type Outcome, RffError } from '../../../schemas/failure.ts'
import { type ListedRequest, listedRequestOf } from '../../../schemas/listed-request.ts'

export interface RequestList {
  readonly requests: readonly ListedRequest[]
  /** Lines, or entries, that could not be read; counted from 1. */
  readonly refused: readonly { readonly line: number; readonly failure: Failure }[]
}

type Line = Outcome<Readonly<Record<string, unknown>>>

/** @throws RffError input_not_found, input_unreadable */
export async function readList(path: string): Promise<RequestList> {
  if (!existsSync(path)) throw new RffError('input_not_found', `there is no file at ${path}`)
  const requests: ListedRequest[] = []
  const refused: { line: number; failure: Failure }[] = []
  let line = 0
  for await (const read of linesOf(path)) {
    line += 1
    const listed = read.ok ? listedRequestOf(read.value) : read
    if (listed.ok) requests.push(listed.value)
    else refused.push({ line, failure: listed.failure })
  }
  return { requests, refused }
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  const first = await firstCharacterOf(path)
  if (first === '[') yield* arrayOf(path)
  else if (first === '{') yield* jsonLinesOf(path)
  else yield* csvOf(path)
}

async function firstCharacterOf(path: string): Promise<string> {
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    const text = String(chunk)
      .replace(/^\uFEFF/u, '')
      .trimStart()
    if (text !== '') return text[0]!
  }
  return ''
}

async function* arrayOf(path: string): AsyncGenerator<Line> {
  const read = jsonOf((await readFile(path, 'utf8')).replace(/^\uFEFF/u, ''))
  if (!read.ok || !Array.isArray(read.value))
    throw new RffError('input_unreadable', `${path} is not valid JSON`)
  for (const entry of read.value) yield objectOf(entry)
}

async function* jsonLinesOf(path: string): AsyncGenerator<Line> {
  const lines = createInterface({ input: createReadStream(path, { encoding: 'utf8' }), crlfDelay: Infinity })
  for await (const text of lines) {
    if (text.trim() === '') continue
    const read = jsonOf(text.replace(/^\uFEFF/u, ''))
    yield read.ok ? objectOf(read.value) : read
  }
}

async function* csvOf(path: string): AsyncGenerator<Line> {
  const rows = createReadStream(path).pipe(
    parse({ columns: true, bom: true, trim: true, skip_empty_lines: true }),
  )
  try {
    for await (const row of rows) yield objectOf(row)
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw new RffError('input_unreadable', `${path}: ${cause.message}`, { cause })
  }
}

function jsonOf(text: string): Outcome<unknown> {
  try {
    return good(JSON.parse(text) as unknown)
  } catch (cause) {
    return bad('line_not_json', String(cause))
  }
}

const objectOf = (value: unknown): Line =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? good(value as Readonly<Record<string, unknown>>)
    : bad('line_not_object', 'an entry is not an object')
