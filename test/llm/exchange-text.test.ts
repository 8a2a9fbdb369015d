import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { exchangeText, type TextExchange } from '../../src/llm/exchange-text.ts'

const BODY_BYTES = 17 * 2 ** 20

async function served(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat/completions`
}

const asked = (url: string): TextExchange => ({
  ...{ url: new URL(url), method: 'POST', headers: {}, body: Buffer.from('{}') },
  signal: new AbortController().signal,
})

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
])('what a server compresses unasked is read: %s', async (encoding, compress) => {
  const url = await served((response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(compress('{"answer":"ja"}'))
  })
  expect(JSON.parse((await exchangeText(asked(url))).text)).toEqual({ answer: 'ja' })
})

test('a compressed body may be no longer than another when it is unpacked', async () => {
  const url = await served((response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(BODY_BYTES)))
  })
  await expect(exchangeText(asked(url))).rejects.toThrow(/longer than 16777216 bytes/)
})

test('a compressed body that is cut off is no answer', async () => {
  const url = await served((response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"answer":"ja"}').subarray(0, 20))
  })
  await expect(exchangeText(asked(url))).rejects.toThrow()
})

test('a body that is not there is no text', async () => {
  const url = await served((response) => void response.writeHead(204).end())
  expect((await exchangeText(asked(url))).text).toBe('')
})

// What undici's agents wait for the first header unless told otherwise; the answer of a slow model may take longer.
test.runIf(process.env.RFF_TEST_FULL === '1')(
  'a server may think for longer than five minutes',
  async () => {
    const url = await served((response) => void setTimeout(() => response.end('{"answer":"late"}'), 310_000))
    expect(JSON.parse((await exchangeText(asked(url))).text)).toEqual({ answer: 'late' })
  },
  400_000,
)

describe('connections', () => {
  /** Answers wait until so many have come; tells by which connection each came. */
  async function counted(together: number) {
    const waiting: ServerResponse[] = []
    const ports: number[] = []
    const url = await served((response) => {
      ports.push(response.socket!.remotePort!)
      waiting.push(response)
      if (waiting.length === together) for (const each of waiting.splice(0)) each.end('{}')
    })
    const askAll = () => Promise.all(Array.from({ length: together }, () => exchangeText(asked(url))))
    return { askAll, ports }
  }

  test('carry one request at a time, and one after the other', async () => {
    const { askAll, ports } = await counted(20)
    await askAll()
    expect(new Set(ports).size).toBe(20)
    for (let round = 0; round < 2; round++) {
      // A server that hangs up behind its answer is given a turn of the loop to do so.
      await turnOfTheLoop()
      await askAll()
    }
    expect(ports).toHaveLength(60)
    expect(new Set(ports).size).toBe(20)
  })

  test('that the server closes are made anew', async () => {
    const url = await served((response) => response.writeHead(200, { connection: 'close' }).end('{}'))
    for (let n = 0; n < 5; n++) expect((await exchangeText(asked(url))).status).toBe(200)
  })

  test('that were never made are tried again', async () => {
    const url = await served((response) => void response.end('{}'))
    const gone = url.replace(/:\d+/, ':1')
    const errors = await Promise.all(
      Array.from({ length: 3 }, () => exchangeText(asked(gone)).catch((error: Error) => error)),
    )
    expect(errors.map((error) => (error as NodeJS.ErrnoException).code)).toEqual(
      Array(3).fill('ECONNREFUSED'),
    )
    await expect(exchangeText(asked(gone))).rejects.toThrow(/ECONNREFUSED/)
    expect((await exchangeText(asked(url))).text).toBe('{}')
  })
})

test('a signal that was aborted before ends the exchange, and the server hears nothing', async () => {
  let heard = 0
  const url = await served((response) => {
    heard += 1
    response.end('{}')
  })
  const signal = AbortSignal.abort(new Error('not any more'))
  await expect(exchangeText({ ...asked(url), signal })).rejects.toThrow('not any more')
  await exchangeText(asked(url))
  expect(heard).toBe(1)
})

test('a key goes to no other server, though a redirect leads there', async () => {
  const heard: (string | undefined)[] = []
  const other = await served((response) => {
    heard.push(response.req.headers.authorization)
    response.end('{}')
  })
  const url = await served((response) => void response.writeHead(307, { location: other }).end())
  const headers = { authorization: 'Bearer secret' }
  expect((await exchangeText({ ...asked(url), headers })).status).toBe(200)
  expect(heard).toEqual([undefined])
})
