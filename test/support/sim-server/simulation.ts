/** What happens to one request after the other. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveBatches } from './batch-routes.ts'
import { Batches } from './batches.ts'
import { faultChooser } from './choose-fault.ts'
import { answerLimitOf, type ChatRequest, type Completion, complete, promptTokensOf } from './completion.ts'
import { deliver, sendJson } from './deliver.ts'
import { type EmbeddingsRequest, embed, refusalOfInput, textsOf } from './embeddings.ts'
import { lognormal, seededRandom } from './random.ts'
import { RateLimits } from './rate-limits.ts'
import { badInput, REFUSALS, type Refusal, rejectedParameter, unknownModel, wrongKey } from './refusals.ts'
import type { BilledRequest, Fault, RecordedRequest, SimOptions } from './script.ts'
import { Tally } from './tally.ts'

type ClientRequestId = string | string[] | undefined

/** A request that has been read: what it is charged for, and what it is answered with. */
interface Question {
  readonly prompt: string
  readonly request: { readonly model: string }
  readonly charge: number
  /** Set where the request itself is at fault. */
  readonly refusal: Refusal | null
  make(fault: Fault | 'none', number: number): Pick<Completion, 'body' | 'promptTokens' | 'answerTokens'>
  billed(): void
}

export class Simulation {
  readonly tally = new Tally()
  readonly recorded: RecordedRequest[] = []
  readonly billed: BilledRequest[] = []
  readonly #options: SimOptions
  readonly #limits: RateLimits | null
  readonly #chooseFault: ReturnType<typeof faultChooser>
  readonly #latency: () => number
  readonly #batches: Batches
  #mayAnswer: Promise<void> = Promise.resolve()

  constructor(options: SimOptions) {
    this.#options = options
    const seed = options.seed ?? 1
    const random = seededRandom(seed + 1)
    const { latency } = options
    this.#limits = options.limits === undefined ? null : new RateLimits(options.limits, performance.now())
    this.#chooseFault = faultChooser(options.script ?? [], options.faults ?? {}, seed)
    this.#batches = new Batches(
      options.batches ?? {},
      this.tally,
      faultChooser(options.script ?? [], options.faults ?? {}, seed + 2),
      seededRandom(seed + 3),
    )
    this.#latency = () => (latency === undefined ? 0 : lognormal(random, latency.medianMs, latency.sigma))
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bytesOf(request)
    const text = bytes.toString('utf8')
    const path = request.url ?? '/'
    if (path === '/sim/stats') return sendJson(response, 200, this.tally.stats())
    if (path === '/sim/requests') return sendJson(response, 200, this.recorded)
    if (path === '/sim/billed') return sendJson(response, 200, this.billed)
    if (this.#options.records === true) this.recorded.push(recordOf(request, text))
    if (!this.#knowsKey(request)) return sendJson(response, wrongKey.status, wrongKey.body)
    if (request.method === 'GET' && path === '/v1/models') return sendJson(response, 200, this.#models())
    if (request.method === 'POST' && path === '/v1/chat/completions')
      return this.#chat(text, request.headers['x-client-request-id'], response)
    if (request.method === 'POST' && path === '/v1/embeddings')
      return this.#embeddings(text, request.headers['x-client-request-id'], response)
    if (await serveBatches(this.#batches, request, bytes, response)) return
    sendJson(response, 404, { error: { message: `Unknown request URL: ${request.method} ${path}.` } })
  }

  /** Answers that are made from now on wait. @returns what lets them go */
  holdAnswers(): () => void {
    let release = (): void => undefined
    this.#mayAnswer = new Promise((resolve) => {
      release = resolve
    })
    return release
  }

  async #chat(text: string, clientRequestId: ClientRequestId, response: ServerResponse): Promise<void> {
    const chat = JSON.parse(text) as ChatRequest
    const prompt = chat.messages.map(({ content }) => content).join('\n')
    const limit = answerLimitOf(chat)
    await this.#answer(text, clientRequestId, response, {
      ...{ prompt, request: chat },
      charge: promptTokensOf(chat) + (limit === Infinity ? 0 : limit),
      refusal: null,
      make: (fault, number) => complete(chat, fault, `chatcmpl-${number}`, this.#options),
      billed: () => undefined,
    })
  }

  async #embeddings(text: string, clientRequestId: ClientRequestId, response: ServerResponse): Promise<void> {
    const asked = JSON.parse(text) as EmbeddingsRequest
    const { embeddings = {} } = this.#options
    const request =
      embeddings.ignoresFormat === true ? { ...asked, encoding_format: 'float' as const } : asked
    const refused = refusalOfInput(asked, embeddings)
    this.tally.arrivedForVectors()
    await this.#answer(text, clientRequestId, response, {
      ...{ prompt: textsOf(asked).join('\n'), request: asked },
      charge: textsOf(asked).reduce((sum, one) => sum + Math.ceil(one.length / 4), 0),
      refusal: refused === null ? null : badInput(refused),
      make: (fault) => embed(request, embeddings, fault),
      billed: () => this.tally.billTexts(`${asked.model} ${asked.dimensions ?? ''}`, textsOf(asked)),
    })
  }

  /** What is the same for every question. */
  async #answer(
    text: string,
    clientRequestId: ClientRequestId,
    response: ServerResponse,
    { prompt, request, charge, refusal, make, billed }: Question,
  ): Promise<void> {
    const bodyDigest = createHash('sha256').update(text).digest('hex')
    const number = this.tally.arrived(bodyDigest)
    response.once('close', () => this.tally.left())
    const id = `req_${this.#options.seed ?? 1}_${number}`
    const { model } = request
    const { fault, retryAfterSeconds } = this.#chooseFault({ number, prompt, model, bodyDigest })
    const headers: Record<string, string> = { 'x-request-id': id }

    const refused = this.#refusalOf(request, charge, headers, retryAfterSeconds, fault) ?? refusal
    if (refused !== null) {
      this.tally.sent(refused.status, fault)
      return sendJson(response, refused.status, refused.body, headers)
    }
    const completion = make(fault, number)
    if (fault === 'reset_before') {
      this.tally.sent('broken', fault)
      response.socket?.resetAndDestroy()
      return
    }
    // An answer is made, and so billed, before it is known whether anybody still waits for it.
    if (!UNBILLED.has(fault)) {
      this.tally.bill(bodyDigest, completion)
      billed()
      this.billed.push({
        request_id: id,
        client_request_id: clientRequestId === undefined ? null : String(clientRequestId),
        created_at: new Date().toISOString(),
        model,
        prompt_tokens: completion.promptTokens,
        completion_tokens: completion.answerTokens,
      })
    }
    const waitMs = this.#latency()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    await this.#mayAnswer
    this.tally.sent(BROKEN.has(fault) ? 'broken' : 200, fault)
    deliver(response, fault, completion.body, headers)
  }

  /** Everything that is decided before an answer is made. Adds the limit's headers to `headers`. */
  #refusalOf(
    request: { readonly model: string },
    charge: number,
    headers: Record<string, string>,
    retryAfterSeconds: number | undefined,
    fault: Fault | 'none',
  ): { status: number; body: unknown } | null {
    const { models, rejectedParameters = [] } = this.#options
    if (models !== undefined && !models.includes(request.model)) return unknownModel(request.model)
    const rejected = rejectedParameters.find((name) => name in request)
    if (rejected !== undefined) return rejectedParameter(rejected)
    const admission = this.#limits?.admit(charge, performance.now())
    Object.assign(headers, admission?.headers)
    if (admission?.refusal !== undefined) {
      const { message, retryAfterMs, neverFits } = admission.refusal
      this.tally.refuse()
      if (!neverFits) headers['retry-after'] = String(Math.ceil(retryAfterMs / 1_000))
      if (!neverFits) headers['retry-after-ms'] = String(retryAfterMs)
      const error = { message, type: 'tokens', param: null, code: 'rate_limit_exceeded' }
      return { status: 429, body: { error } }
    }
    this.tally.charge(charge)
    if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds)
    return fault === 'none' ? null : (REFUSALS[fault] ?? null)
  }

  #knowsKey(request: IncomingMessage): boolean {
    const { key } = this.#options
    return key === undefined || request.headers.authorization === `Bearer ${key}`
  }

  #models(): unknown {
    const ids = this.#options.models ?? ['sim-1']
    return { object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 0, owned_by: 'sim' })) }
  }
}

const UNBILLED = new Set<string>(['html', 'error_in_200', 'no_choices'])
const BROKEN = new Set<string>(['hang', 'stall_in_body', 'slow_drip', 'flood', 'reset_in_body', 'cut_body'])

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The key is worth money also in a test's output. */
function recordOf(request: IncomingMessage, text: string): RecordedRequest {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = name === 'authorization' ? 'Bearer [redacted]' : String(value)
  }
  const isForm = String(request.headers['content-type']).startsWith('multipart/')
  const body: unknown = isForm || text === '' ? null : JSON.parse(text)
  return { method: request.method ?? '', path: request.url ?? '', headers, body }
}
