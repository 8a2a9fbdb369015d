/** One request whose answer is text, through undici's own clients: a fraction of the processor time of `fetch` (0211, 0250). */
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { type Dispatcher, interceptors } from 'undici'
import { MOST_BODY_BYTES, tooLong } from './bounded-text.ts'
import { dispatchThroughIdleClients } from './idle-clients.ts'
import type { HeaderSource } from './limit-headers.ts'

export interface TextExchange {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Record<string, string>
  /** As bytes: a text would be kept beside the bytes that are made of it, for as long as the answer takes. */
  readonly body: Buffer | null
  /** Ends the exchange, also while its body is read. */
  readonly signal: AbortSignal
}

export interface ArrivedText {
  readonly status: number
  readonly headers: HeaderSource
  readonly text: string
}

const MOST_REDIRECTIONS = 5

const dispatch = interceptors.redirect({ maxRedirections: MOST_REDIRECTIONS })(dispatchThroughIdleClients())

/** Nobody is asked to compress, but some do. */
const DECODERS: Readonly<
  Record<string, (packed: Buffer, bound: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/** @throws whatever undici throws where no whole answer came; Error where it is longer than MOST_BODY_BYTES */
export async function exchangeText(asked: TextExchange): Promise<ArrivedText> {
  const { status, headers, body } = await new Promise<Arrived>((resolve, reject) => {
    const { url, method, headers, body, signal } = asked
    const arriving = new Arriving(signal, resolve, reject)
    const path = `${url.pathname}${url.search}`
    dispatch({ origin: url.origin, path, method, headers, body }, arriving)
  })
  return { status, headers, text: (await unpacked(body, headers)).toString('utf8') }
}

interface Arrived extends Omit<ArrivedText, 'text'> {
  readonly body: Buffer
}

/** Gathers what comes, for nobody reads half an answer. */
class Arriving implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal
  readonly #resolve: (arrived: Arrived) => void
  readonly #reject: (error: unknown) => void
  readonly #chunks: Buffer[] = []
  readonly #stop = (): void => this.#fail(this.#signal.reason)
  #controller: Dispatcher.DispatchController | null = null
  #bytes = 0
  #status = 0
  #headers: HeaderSource = headersTold({})

  constructor(signal: AbortSignal, resolve: (arrived: Arrived) => void, reject: (error: unknown) => void) {
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
    signal.addEventListener('abort', this.#stop, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#signal.aborted) this.#stop()
  }

  onResponseStart(
    _: unknown,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status
    this.#headers = headersTold(headers)
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > MOST_BODY_BYTES) this.#fail(tooLong())
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#leave()
    const [first = Buffer.alloc(0), ...others] = this.#chunks
    const body = others.length === 0 ? first : Buffer.concat(this.#chunks)
    this.#resolve({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_: unknown, error: Error): void {
    this.#leave()
    this.#reject(error)
  }

  /** Closes the connection, too: what would still come on it is of no use. */
  #fail(reason: Error): void {
    this.#leave()
    this.#reject(reason)
    this.#controller?.abort(reason)
  }

  #leave(): void {
    this.#signal.removeEventListener('abort', this.#stop)
  }
}

const headersTold = (headers: Readonly<Record<string, string | string[] | undefined>>): HeaderSource => ({
  get: (name) => {
    const value = headers[name]
    return value === undefined ? null : String(value)
  },
})

async function unpacked(body: Buffer, headers: HeaderSource): Promise<Buffer> {
  const decode = DECODERS[headers.get('content-encoding') ?? '']
  if (decode === undefined) return body
  return decode(body, { maxOutputLength: MOST_BODY_BYTES }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ERR_BUFFER_TOO_LARGE' ? tooLong() : cause
  })
}
