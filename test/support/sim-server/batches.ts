/** Files and batches: what is uploaded, run through its states, and given back in any order. */
import { createHash } from 'node:crypto'
import type { Arrival, ChosenFault } from './choose-fault.ts'
import { type ChatRequest, complete } from './completion.ts'
import { REFUSALS } from './refusals.ts'
import type { BatchScript, HoldPoint } from './script.ts'
import type { Tally } from './tally.ts'

export interface StoredFile {
  readonly id: string
  readonly object: 'file'
  readonly bytes: number
  readonly created_at: number
  readonly filename: string
  readonly purpose: string
  readonly text: string
}

type Status = 'validating' | 'in_progress' | 'finalizing' | 'cancelling' | Terminal
type Terminal = 'completed' | 'failed' | 'expired' | 'cancelled'

interface Batch {
  readonly id: string
  readonly inputFileId: string
  readonly metadata: unknown
  readonly outcome: Terminal
  status: Status
  errors: BatchFault[]
  outputFileId: string | null
  errorFileId: string | null
  counts: { total: number; completed: number; failed: number }
}

interface BatchFault {
  readonly code: string
  readonly message: string
  readonly line: number | null
}

interface Line {
  readonly custom_id: string
  readonly method: string
  readonly url: string
  readonly body: ChatRequest
}

export interface Answered {
  readonly status: number
  readonly body: unknown
}

const found = (body: unknown): Answered => ({ status: 200, body })
const refused = (status: number, message: string): Answered => ({
  status,
  body: { error: { message, type: 'invalid_request_error', param: null, code: null } },
})

export class Batches {
  readonly #files = new Map<string, StoredFile>()
  readonly #batches = new Map<string, Batch>()
  readonly #script: BatchScript
  readonly #tally: Tally
  readonly #chooseFault: (arrival: Arrival) => ChosenFault
  readonly #random: () => number
  #notFoundYet: number
  #holdAt: HoldPoint | undefined

  constructor(
    script: BatchScript,
    tally: Tally,
    chooseFault: (arrival: Arrival) => ChosenFault,
    random: () => number,
  ) {
    this.#script = script
    this.#tally = tally
    this.#chooseFault = chooseFault
    this.#random = random
    this.#notFoundYet = script.freshFileNotFoundTimes ?? 0
    this.#holdAt = script.holdAt
  }

  /** @returns whether the request is to be left without a response */
  holds(point: HoldPoint): boolean {
    if (this.#holdAt !== point) return false
    this.#holdAt = undefined
    this.#tally.hold()
    return true
  }

  upload(filename: string, purpose: string, text: string): Answered {
    if (purpose !== 'batch') return refused(400, `Invalid purpose: ${purpose}.`)
    return found(withoutText(this.#store(filename, purpose, text)))
  }

  files(): Answered {
    return found(pageOf([...this.#files.values()].reverse().map(withoutText), null, 10_000))
  }

  file(id: string): Answered {
    const file = this.#files.get(id)
    return file === undefined ? refused(404, `No such File object: ${id}`) : found(withoutText(file))
  }

  content(id: string): string | null {
    return this.#files.get(id)?.text ?? null
  }

  create(request: { input_file_id: string; endpoint: string; metadata?: unknown }): Answered {
    if (request.endpoint !== '/v1/chat/completions') return refused(400, 'Invalid endpoint.')
    // A fresh file is not everywhere at once.
    const isHidden = this.#notFoundYet > 0
    if (isHidden) this.#notFoundYet -= 1
    if (isHidden || !this.#files.has(request.input_file_id)) {
      return refused(404, `No such File object: ${request.input_file_id}`)
    }
    const number = this.#batches.size + 1
    const batch: Batch = {
      id: `batch_${number}`,
      inputFileId: request.input_file_id,
      metadata: request.metadata ?? null,
      outcome: this.#script.outcomes?.[number - 1] ?? 'completed',
      status: 'validating',
      errors: [],
      outputFileId: null,
      errorFileId: null,
      counts: { total: 0, completed: 0, failed: 0 },
    }
    this.#batches.set(batch.id, batch)
    return found(shown(batch))
  }

  list(after: string | null, limit: number): Answered {
    return found(pageOf([...this.#batches.values()].reverse().map(shown), after, limit))
  }

  /** Each look moves a batch one state on, so that a test need not wait. */
  batch(id: string): Answered {
    const batch = this.#batches.get(id)
    if (batch === undefined) return refused(404, `No such Batch object: ${id}`)
    this.#advance(batch)
    return found(shown(batch))
  }

  cancel(id: string): Answered {
    const batch = this.#batches.get(id)
    if (batch === undefined) return refused(404, `No such Batch object: ${id}`)
    if (TERMINAL.has(batch.status)) return refused(409, `Cannot cancel a batch that is ${batch.status}.`)
    batch.status = 'cancelling'
    return found(shown(batch))
  }

  #advance(batch: Batch): void {
    if (TERMINAL.has(batch.status)) return
    if (batch.status === 'validating') this.#validate(batch)
    else if (batch.status === 'cancelling') this.#finish(batch, 'cancelled')
    else if (batch.status === 'in_progress') batch.status = 'finalizing'
    else this.#finish(batch, batch.outcome)
  }

  #validate(batch: Batch): void {
    const lines = this.#linesOf(batch)
    batch.counts.total = lines.length
    batch.errors = batch.outcome === 'failed' ? [TOO_MANY_TOKENS] : faultsOf(lines)
    batch.status = batch.errors.length > 0 ? 'failed' : 'in_progress'
  }

  /** Expired and cancelled batches deliver, and charge, the part that was done. */
  #finish(batch: Batch, outcome: Terminal): void {
    const lines = this.#linesOf(batch)
    const isPartial = outcome === 'expired' || outcome === 'cancelled'
    const doneCount = isPartial ? Math.floor(lines.length * (this.#script.doneShare ?? 0.5)) : lines.length
    const results = lines.slice(0, doneCount).map((line, index) => this.#run(line, `${batch.id}_${index}`))
    const good = results.filter(({ isGood }) => isGood).map(({ line }) => line)
    const failed = results.filter(({ isGood }) => !isGood).map(({ line }) => line)
    if (outcome === 'expired') failed.push(...lines.slice(doneCount).map(expiredLine))
    if (good.length > 0) batch.outputFileId = this.#storeLines(`${batch.id}_output.jsonl`, good)
    if (failed.length > 0) batch.errorFileId = this.#storeLines(`${batch.id}_error.jsonl`, failed)
    batch.counts = { total: lines.length, completed: good.length, failed: failed.length }
    batch.status = outcome
  }

  #run({ custom_id, body }: Line, id: string): { isGood: boolean; line: unknown } {
    const text = JSON.stringify(body)
    const bodyDigest = createHash('sha256').update(text).digest('hex')
    const number = this.#tally.arrivedInBatch(bodyDigest)
    const prompt = body.messages.map(({ content }) => content).join('\n')
    const { fault } = this.#chooseFault({ number, prompt, model: body.model, bodyDigest })
    const refusal = fault === 'none' ? undefined : REFUSALS[fault]
    const line = (status_code: number, responseBody: unknown): unknown => ({
      id: `batch_req_${id}`,
      custom_id,
      response: { status_code, request_id: `req_${id}`, body: responseBody },
      error: null,
    })
    if (refusal !== undefined) return { isGood: false, line: line(refusal.status, refusal.body) }
    const completion = complete(body, fault, `chatcmpl-${id}`, {})
    this.#tally.bill(bodyDigest, completion)
    return { isGood: true, line: line(200, completion.body) }
  }

  #linesOf(batch: Batch): Line[] {
    const text = this.#files.get(batch.inputFileId)?.text ?? ''
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
  }

  #storeLines(filename: string, lines: unknown[]): string {
    const shuffled = lines.map((line) => ({ line, at: this.#random() })).sort((a, b) => a.at - b.at)
    const text = shuffled.map(({ line }) => `${JSON.stringify(line)}\n`).join('')
    return this.#store(filename, 'batch_output', text).id
  }

  #store(filename: string, purpose: string, text: string): StoredFile {
    const id = `file-${this.#files.size + 1}`
    const bytes = Buffer.byteLength(text)
    const file: StoredFile = { id, object: 'file', bytes, created_at: 0, filename, purpose, text }
    this.#files.set(id, file)
    return file
  }
}

const TERMINAL = new Set<Status>(['completed', 'failed', 'expired', 'cancelled'])
const MOST_LINES = 50_000

const TOO_MANY_TOKENS: BatchFault = {
  code: 'token_limit_exceeded',
  message: 'Enqueued token limit reached for this model.',
  line: null,
}

function faultsOf(lines: readonly Line[]): BatchFault[] {
  if (lines.length === 0) return [{ code: 'empty_file', message: 'The input file is empty.', line: null }]
  if (lines.length > MOST_LINES) return [{ code: 'too_many_tasks', message: 'Too many lines.', line: null }]
  const seen = new Set<string>()
  return lines.flatMap(({ custom_id, method, url, body }, index): BatchFault[] => {
    const line = index + 1
    if (seen.has(custom_id)) return [{ code: 'duplicate_custom_id', message: `${custom_id} again`, line }]
    seen.add(custom_id)
    if (method !== 'POST') return [{ code: 'invalid_method', message: `method ${method}`, line }]
    if (url !== '/v1/chat/completions') return [{ code: 'invalid_url', message: `url ${url}`, line }]
    if (body.model !== lines[0]!.body.model)
      return [{ code: 'mismatched_model', message: 'another model', line }]
    return []
  })
}

const expiredLine = ({ custom_id }: Line): unknown => ({
  id: `batch_req_${custom_id}`,
  custom_id,
  response: null,
  error: { code: 'batch_expired', message: 'This request could not be executed before the batch expired.' },
})

const withoutText = ({ text: _, ...file }: StoredFile): Omit<StoredFile, 'text'> => file

const shown = (batch: Batch): { id: string } & Record<string, unknown> => ({
  id: batch.id,
  object: 'batch',
  endpoint: '/v1/chat/completions',
  completion_window: '24h',
  created_at: 0,
  input_file_id: batch.inputFileId,
  status: batch.status,
  errors: batch.errors.length === 0 ? null : { object: 'list', data: batch.errors },
  output_file_id: batch.outputFileId,
  error_file_id: batch.errorFileId,
  request_counts: batch.counts,
  metadata: batch.metadata,
})

/** Newest first, as the real one lists. */
function pageOf(all: readonly { id: string }[], after: string | null, limit: number): unknown {
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1
  const data = all.slice(start, start + limit)
  return {
    object: 'list',
    data,
    has_more: start + limit < all.length,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  }
}
