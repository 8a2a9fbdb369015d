import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { plainFetch } from '../../src/llm/plain-fetch.ts'

const BODY_BYTES = 17 * 2 ** 20

/** A server that leads each path to another one, where more is than an answer may be, without an announced length. */
async function setup(to: string, status = 200) {
  const server = createServer(({ url }, response) => {
    if (url === to) {
      response.writeHead(status)
      response.write(Buffer.alloc(BODY_BYTES))
      response.end()
    } else response.writeHead(302, { location: to }).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const ask = plainFetch(null, 'test')
  return async (path: string): Promise<number> =>
    (await (await ask(`http://127.0.0.1:${port}${path}`)).arrayBuffer()).byteLength
}

test('a file of results may be of any size, wherever a redirect leads to', async () => {
  const bytesOf = await setup('/store/4711')
  expect(await bytesOf('/v1/files/file-1/content')).toBe(BODY_BYTES)
})

test('an answer may not, though a redirect leads to what looks like a file', async () => {
  const bytesOf = await setup('/store/content')
  await expect(bytesOf('/v1/chat/completions')).rejects.toThrow(/longer than 16777216 bytes/)
})

test('what a server says instead of a file is no file', async () => {
  const bytesOf = await setup('/v1/files/file-1/content', 404)
  await expect(bytesOf('/v1/files/file-1/content')).rejects.toThrow(/longer than 16777216 bytes/)
})

async function served(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat/completions`
}

const asked = { method: 'POST', body: '{}' }

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
])('what a server compresses unasked is read: %s', async (encoding, compress) => {
  const url = await served((response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(compress('{"answer":"ja"}'))
  })
  expect(await (await plainFetch(null, 'test')(url, asked)).json()).toEqual({ answer: 'ja' })
})

test('a compressed body may be no longer than another when it is unpacked', async () => {
  const url = await served((response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(BODY_BYTES)))
  })
  await expect(plainFetch(null, 'test')(url, asked)).rejects.toThrow(/longer than 16777216 bytes/)
})

test('a compressed body that is cut off is no answer', async () => {
  const url = await served((response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"answer":"ja"}').subarray(0, 20))
  })
  await expect(plainFetch(null, 'test')(url, asked)).rejects.toThrow()
})

test('a body that is not there is no text', async () => {
  const url = await served((response) => void response.writeHead(204).end())
  expect(await (await plainFetch(null, 'test')(url, asked)).text()).toBe('')
})

// What undici's agents wait for the first header unless told otherwise; the answer of a slow model may take longer.
test.runIf(process.env.RFF_TEST_FULL === '1')(
  'a server may think for longer than five minutes',
  async () => {
    const url = await served((response) => void setTimeout(() => response.end('{"answer":"late"}'), 310_000))
    expect(await (await plainFetch(null, 'test')(url, asked)).json()).toEqual({ answer: 'late' })
  },
  400_000,
)
