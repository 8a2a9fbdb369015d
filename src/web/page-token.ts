/** The secret that opens the page: random, in a file that its owner alone can read, the same until it is renewed. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const BYTES = 24
const SHAPE = /^[A-Za-z0-9_-]{32}$/
/** Read and write for the owner, nothing for others. */
const OWNER_ALONE = 0o600

export interface PageToken {
  readonly path: string
  readonly token: string
}

/** @param isRenewed makes another one, so that links that were handed out open nothing any more */
export function pageToken(workspaceDir: string, isRenewed: boolean): PageToken {
  const path = join(workspaceDir, 'page.token')
  const known = isRenewed ? null : readToken(path)
  if (known !== null) return { path, token: known }
  const token = randomBytes(BYTES).toString('base64url')
  writeFileSync(path, `${token}\n`, { mode: OWNER_ALONE })
  chmodSync(path, OWNER_ALONE) // a file that was there keeps its mode when it is written
  return { path, token }
}

/** @returns null where there is none, or where others could have read it */
function readToken(path: string): string | null {
  if (!existsSync(path) || (statSync(path).mode & 0o077) !== 0) return null
  const token = readFileSync(path, 'utf8').trim()
  return SHAPE.test(token) ? token : null
}

/** Takes as long for a wrong token as for the right one. */
export function isToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
