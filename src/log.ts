/**
 * The log of a run, for people: JSON lines in `runs/<tag>/run.log`, appended to by every process and thread of the run.
 *
 * Each line carries the run, and where there is one the shard, the cluster and the attempt. No result depends on it.
 */
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { makeFolder } from '../shards/durable-folder.ts'

export type RunLog = Logger

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Lines are written at once, so that they are there whatever ends the process. */
export function openRunLog(runDir: string, runTag: string, level: LogLevel): RunLog {
  makeFolder(runDir)
  const destination = pino.destination({ dest: join(runDir, 'run.log'), append: true, sync: true })
  return pino(
    { level, base: { run: runTag, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  )
}
