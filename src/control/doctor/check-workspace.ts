/** The files of a workspace: whether they open, what their WALs hold, who holds a lease. Nothing is written. */
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Db, openDb } from '../../../db/open.ts'
import { leaseQueries } from '../../../db/queries/leases.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import { isAlive } from '../lease.ts'
import { splitVisited, visitShards } from '../status/visit-shards.ts'
import { openWorkspace } from '../workspace.ts'
import { type Check, checkOf } from './check.ts'

const check = checkOf('workspace')

/** A WAL that has outgrown this was not folded in for long: somebody reads all the time, or died. */
const LARGE_WAL_BYTES = 256 * 1_048_576

export function checkWorkspace(dir: string): Check[] {
  const root = resolve(dir)
  if (!existsSync(join(root, 'control.sqlite')))
    return [check('warn', 'workspace', `there is none at ${root} yet; next: rff-shard plan`)]
  const control = openable(join(root, 'control.sqlite'), 'control')
  const corpus = openable(join(root, 'corpus.sqlite'), 'corpus')
  if (control.state === 'fail') return [control, corpus]
  return [control, corpus, ...checkShards(root)]
}

function openable(path: string, kind: 'control' | 'corpus'): Check {
  try {
    openDb(path, kind, { mode: 'read' }).close()
    return check(walBytesOf(path) > LARGE_WAL_BYTES ? 'warn' : 'ok', kind, describeWal(path))
  } catch (cause) {
    const { code, message } = asFailure(cause)
    return check('fail', kind, `${code}: ${message}`)
  }
}

function checkShards(root: string): Check[] {
  const workspace = openWorkspace(root, 'use')
  try {
    const { values, unreadable } = splitVisited(visitShards(workspace, (db) => db.name))
    const large = values.filter((path) => walBytesOf(path) > LARGE_WAL_BYTES)
    return [
      check('ok', 'shards', `${values.length} can be read`),
      ...unreadable.map(({ shardNo, code, message }) =>
        check('fail', `shard ${shardNo}`, `${code}: ${message}`),
      ),
      ...large.map((path) => check('warn', 'wal', `${path}: ${describeWal(path)}`)),
      ...checkLeases(workspace.control),
    ]
  } finally {
    workspace.close()
  }
}

/** A dead holder is no fault, only worth knowing: whoever comes next takes over. */
function checkLeases(control: Db): Check[] {
  return leaseQueries(control)
    .held()
    .map((row) =>
      isAlive(row)
        ? check('ok', row.scope, `held by ${row.holder}`)
        : check('warn', row.scope, `held by ${row.holder}, which is gone; the next one takes it over`),
    )
}

const walBytesOf = (path: string): number => (existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0)

const describeWal = (path: string): string => {
  const bytes = walBytesOf(path)
  return bytes === 0 ? 'opens, nothing in its WAL' : `opens, ${Math.ceil(bytes / 1_024)} KiB in its WAL`
}
