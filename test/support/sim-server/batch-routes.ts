/** The paths of the Files and Batches API. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answered, Batches } from './batches.ts'
import { sendJson } from './deliver.ts'
import type { HoldPoint } from './script.ts'

/** @returns false where the path is not one of these */
export async function serveBatches(
  batches: Batches,
  request: IncomingMessage,
  bytes: Buffer,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://sim')
  const contentOf = /^\/v1\/files\/([^/]+)\/content$/u.exec(url.pathname)?.[1]
  if (contentOf !== undefined) {
    const text = batches.content(contentOf)
    if (text === null) sendJson(response, 404, { error: { message: `No such File object: ${contentOf}` } })
    else if (batches.holds('content')) response.writeHead(200).write(text.slice(0, text.length / 2))
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(text)
    return true
  }
  const before = pointOf(request, url, 'before')
  if (before !== null && batches.holds(before)) return true
  const answered = await answer(batches, request, url, bytes)
  const after = pointOf(request, url, 'after')
  if (after !== null && batches.holds(after)) return true
  if (answered !== null) sendJson(response, answered.status, answered.body)
  return answered !== null
}

function pointOf({ method }: IncomingMessage, url: URL, when: 'before' | 'after'): HoldPoint | null {
  if (method === 'POST' && url.pathname === '/v1/files') return `${when}_upload`
  if (method === 'POST' && url.pathname === '/v1/batches') return when === 'after' ? 'after_create' : null
  return method === 'GET' && when === 'before' && /^\/v1\/batches\/[^/]+$/u.test(url.pathname) ? 'look' : null
}

async function answer(
  batches: Batches,
  request: IncomingMessage,
  url: URL,
  bytes: Buffer,
): Promise<Answered | null> {
  const [, , kind, id, action] = url.pathname.split('/')
  const isPost = request.method === 'POST'
  if (kind === 'files') {
    if (isPost) return upload(batches, request, bytes)
    return id === undefined ? batches.files() : batches.file(id)
  }
  if (kind !== 'batches') return null
  if (isPost && id === undefined) {
    return batches.create(JSON.parse(bytes.toString('utf8')) as Parameters<Batches['create']>[0])
  }
  if (isPost && id !== undefined && action === 'cancel') return batches.cancel(id)
  if (id !== undefined) return batches.batch(id)
  return batches.list(url.searchParams.get('after'), Number(url.searchParams.get('limit') ?? 20))
}

async function upload(batches: Batches, request: IncomingMessage, bytes: Buffer): Promise<Answered> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  const form = await new Response(bytes, { headers }).formData()
  const file = form.get('file')
  const purpose = String(form.get('purpose'))
  if (file === null || typeof file === 'string')
    return { status: 400, body: { error: { message: 'No file.' } } }
  return batches.upload(file.name, purpose, await file.text())
}
