/** What the routes share: the workspace as it is now, the field that is published now, and what was seen of the work. */
import { setMaxListeners } from 'node:events'
import { shardBalance } from '../../db/queries/kept-balance.ts'
import { moneyByCode } from '../../db/queries/money-by-code.ts'
import { type GroupCount, quarantinePages } from '../../db/queries/quarantine-pages.ts'
import { shardErrors } from '../../db/queries/shard-errors.ts'
import { shardSpend } from '../../db/queries/spend.ts'
import { spendByDay } from '../../db/queries/spend-by-day.ts'
import type { Config } from '../../schemas/config.ts'
import type { Overview } from '../../schemas/page/overview.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { type FieldKeeper, fieldKeeper } from './field-keeper.ts'
import { progressBook } from './progress.ts'
import { type ShardMemo, shardMemo } from './shard-memo.ts'
import type { ErrorLook } from './views/errors.ts'
import { overview } from './views/overview.ts'
import type { SpendLook } from './views/spend.ts'

export interface PageSettings {
  readonly workspaceDir: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly token: string
  /** Read again for each request that needs them, so that a changed file counts at once. */
  readonly loadConfig: () => Config
  /** The prompt of one's own that the settings name; null for the built-in one. */
  readonly promptText: (config: Config) => string | null
  /** Where the keys of providers are: a search may ask for the vector of its words. */
  readonly env: Readonly<Record<string, string>>
  readonly nowMs: () => number
}

export interface PageContext {
  readonly env: Readonly<Record<string, string>>
  readonly nowMs: () => number
  readonly loadConfig: () => Config
  readonly promptText: (config: Config) => string | null
  /** Opened for each request and closed behind it: whoever replaces or archives files meanwhile is not held up. */
  withWorkspace<T>(act: (workspace: Workspace) => T | Promise<T>): Promise<T>
  readonly keeper: FieldKeeper
  overview(): Promise<Overview>
  readonly spend: ShardMemo<SpendLook>
  readonly errors: ShardMemo<ErrorLook>
  readonly groups: ShardMemo<readonly GroupCount[]>
  /** Aborted when the server ends. */
  readonly streams: AbortSignal
  endStreams(): void
  close(): void
}

export function pageContext({ workspaceDir, loadConfig, promptText, env, nowMs }: PageSettings): PageContext {
  const book = progressBook()
  const streams = new AbortController()
  setMaxListeners(0, streams.signal) // one for each page that looks on
  const keeper = fieldKeeper()
  const looks = shardMemo(shardBalance, nowMs)
  const withWorkspace = async <T>(act: (workspace: Workspace) => T | Promise<T>): Promise<T> => {
    const workspace = openWorkspace(workspaceDir, 'use')
    try {
      return await act(workspace)
    } finally {
      workspace.close()
    }
  }
  return {
    env,
    nowMs,
    loadConfig,
    promptText,
    withWorkspace,
    keeper,
    overview: (): Promise<Overview> =>
      withWorkspace(async (workspace) => overview(workspace, await looks(workspace), book, nowMs())),
    spend: shardMemo(
      (db) => ({ lines: shardSpend(db), days: spendByDay(db), money: moneyByCode(db, null) }),
      nowMs,
    ),
    errors: shardMemo((db) => ({ errors: shardErrors(db), money: moneyByCode(db, null) }), nowMs),
    groups: shardMemo((db) => quarantinePages(db).groups(), nowMs),
    streams: streams.signal,
    endStreams: (): void => streams.abort(),
    close: (): void => keeper.close(),
  }
}
