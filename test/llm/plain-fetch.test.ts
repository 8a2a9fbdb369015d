import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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
  const ask = plainFetch(null)
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
