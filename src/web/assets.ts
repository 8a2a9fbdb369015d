/** The page itself: files that the build bundled, read once. They hold no data, so they need no token. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { Hono } from 'hono'
import { RffError } from '../../schemas/failure.ts'
import { packageRoot } from '../package-root.ts'

const FOLDER = new URL('dist/src/web/assets/', packageRoot)

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

interface Asset {
  readonly body: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
}

/** @throws RffError internal where the package was not built */
export function serveAssets(app: Hono): void {
  if (!existsSync(FOLDER)) throw new RffError('internal', 'the page is not built: npm run build')
  for (const name of readdirSync(FOLDER)) {
    const asset = readAsset(name)
    if (asset === null) continue
    app.get(name === 'index.html' ? '/' : `/${name}`, (c) => {
      // Asked for again each time, but sent only when it changed: a new version is seen at once.
      const headers = { etag: asset.etag, 'cache-control': 'no-cache' }
      if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304, headers)
      return c.body(asset.body, 200, { ...headers, 'content-type': asset.type })
    })
  }
}

function readAsset(name: string): Asset | null {
  const type = TYPES[extname(name)]
  if (type === undefined) return null
  const body = new Uint8Array(readFileSync(new URL(name, FOLDER)))
  return { body, type, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"` }
}
