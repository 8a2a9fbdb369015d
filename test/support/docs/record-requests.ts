/** A server that knows nothing but to write down what it gets, and to answer everything with the same words and vector. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Recorded {
  readonly method: string
  readonly path: string
  /** In the order in which they came; the key and what differs from call to call are left out. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: unknown
}

const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 0,
  model: 'recorded',
  data: [{ object: 'embedding', index: 0, embedding: [1, 0] }],
  choices: [{ index: 0, message: { role: 'assistant', content: '{"ok":true}' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
}

/** What the runtime adds to every request, whoever sends it. */
const OF_THE_RUNTIME = new Set([
  'host',
  'connection',
  'content-length',
  'accept-language',
  'accept-encoding',
  'sec-fetch-mode',
])

/** @param deed is told the server's address, without a path */
export async function recordRequests(deed: (origin: string) => Promise<unknown>): Promise<Recorded[]> {
  const recorded: Recorded[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      recorded.push({ method, path, headers: Object.entries(headers).flatMap(toldHeader), body })
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWER))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await deed(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
  return recorded
}

function toldHeader([name, value]: [string, string | string[] | undefined]): [string, string][] {
  if (OF_THE_RUNTIME.has(name)) return []
  return [[name, name === 'authorization' ? String(value).replace(/ .*/u, ' [the key]') : String(value)]]
}
