/** What the program stands on: Node, SQLite, the tool for audits, room on the disk. */
import { spawnSync } from 'node:child_process'
import { existsSync, statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { asFailure } from '../../../schemas/as-failure.ts'
import { FAILURES } from '../../../schemas/failure.ts'
import { type Check, checkOf } from './check.ts'

const check = checkOf('runtime')

/** As `engines` of package.json has it. */
const LEAST_NODE = [20, 19] as const
/** The views and the questions of docs/audits.md are written for it. */
const LEAST_SQLITE_TOOL = [3, 40] as const
const LEAST_FREE_BYTES = 1_073_741_824

export const checkRuntime = (workspaceDir: string): Check[] => [
  checkNode(process.versions.node),
  checkSqlite(),
  checkSqliteTool(),
  checkDisk(workspaceDir),
]

export function checkNode(version: string): Check {
  return isAtLeast(version, LEAST_NODE)
    ? check('ok', 'node', `Node ${version}`)
    : check('fail', 'node', `Node ${version}; ${LEAST_NODE.join('.')} or newer is needed`)
}

function checkSqlite(): Check {
  try {
    const db = new Database(':memory:')
    const version = db.prepare('SELECT sqlite_version()').pluck().get() as string
    db.close()
    return check('ok', 'better-sqlite3', `SQLite ${version}`)
  } catch (cause) {
    const { code, message } = asFailure(cause)
    return check('fail', 'better-sqlite3', `${code}: ${message}; ${FAILURES[code].hint}`)
  }
}

function checkSqliteTool(): Check {
  const { status, stdout } = spawnSync('sqlite3', ['--version'], { encoding: 'utf8', timeout: 5_000 })
  if (status !== 0)
    return check('warn', 'sqlite3', 'the sqlite3 tool is not installed; only audits by hand need it')
  const version = stdout.split(' ')[0] ?? ''
  return isAtLeast(version, LEAST_SQLITE_TOOL)
    ? check('ok', 'sqlite3', version)
    : check('warn', 'sqlite3', `${version}; audits by hand need ${LEAST_SQLITE_TOOL.join('.')} or newer`)
}

function checkDisk(workspaceDir: string): Check {
  const { bavail, bsize } = statfsSync(nearestFolder(resolve(workspaceDir)))
  const freeBytes = bavail * bsize
  const found = `${(freeBytes / LEAST_FREE_BYTES).toFixed(1)} GiB free`
  return freeBytes < LEAST_FREE_BYTES
    ? check('warn', 'disk', `${found}; a run pauses with exit 6 when it is full`)
    : check('ok', 'disk', found)
}

/** The workspace may not be there yet. */
const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)))

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split('.').map(Number)
  return foundMajor > major || (foundMajor === major && foundMinor >= minor)
}
