/** Who makes vectors, over files of a test's own and a simulated server in this process; and documents as a list. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { openDb } from '../../db/open.ts'
import type { SearchKind } from '../../db/queries/search-reading.ts'
import type { Caps } from '../../schemas/budget.ts'
import { type Config, configSchema } from '../../schemas/config.ts'
import { type Embedder, openEmbedder } from '../../src/control/embed/embedder.ts'
import { type Filled, type FillOptions, fillVectors } from '../../src/control/embed/fill-vectors.ts'
import type { Workspace } from '../../src/control/workspace.ts'
import type { DocumentPages } from '../../src/field/search/build-vector-index.ts'
import { newFolder } from './folder.ts'
import type { SimOptions } from './sim-server/script.ts'
import { type SimServer, startSimServer } from './sim-server/server.ts'

export const NO_CAPS: Caps = { microUsd: null, tokens: null, calls: null }

export interface EmbeddingWorld {
  readonly server: SimServer
  readonly embedder: Embedder
  readonly config: Config
  /** The files that it stands on. */
  readonly workspace: Pick<Workspace, 'control' | 'embeddingsPath' | 'limitsPath'>
  /** Settings with which another embedder is opened over the same files. */
  reopen(sim?: SimOptions, settings?: Settings): Promise<EmbeddingWorld>
  fill(texts: readonly string[], caps?: Partial<Caps>, options?: Partial<FillOptions>): Promise<Filled>
  rows<T>(sql: string): T[]
  /** As somebody who has the file open too. */
  change(sql: string): void
}

interface Settings {
  readonly model?: string
  readonly embeddings?: Partial<Config['embeddings']>
  readonly run?: Partial<Config['run']>
}

export async function embeddingWorld(
  sim: SimOptions = {},
  settings: Settings = {},
  dir = newFolder(),
): Promise<EmbeddingWorld> {
  const server = await startSimServer({ seed: 5, ...sim })
  onTestFinished(() => server.close())
  const model = settings.model ?? 'sim/embedder'
  const config = configSchema.parse({
    embeddings: { model, batchTexts: 4, ...settings.embeddings },
    providers: { sim: { baseUrl: server.url } },
    run: { backoffMs: 1, inFlight: 4, circuitFailures: 4, circuitOpenMs: 20, ...settings.run },
    prices: { [model]: { inputUsdPerMillion: 2_000, outputUsdPerMillion: 0 } },
  })
  const paths = { limitsPath: join(dir, 'limits.sqlite'), embeddingsPath: join(dir, 'embeddings.sqlite') }
  const control = openDb(join(dir, 'control.sqlite'), 'control', { mode: 'create' })
  onTestFinished(() => void control.close())
  const workspace = { control, ...paths }
  const embedder = await openEmbedder(workspace, config, {})
  onTestFinished(() => embedder.close())
  return {
    ...{ server, embedder, config, workspace },
    reopen: (moreSim = {}, more = settings) => embeddingWorld(moreSim, more, dir),
    fill(texts, caps = {}, options = {}) {
      const { builds, modelNo } = embedder
      const build =
        builds.open(modelNo) ?? builds.begin(modelNo, { caps: { ...NO_CAPS, ...caps }, hasFacts: false }, 0)
      const silent: FillOptions = {
        kinds: ['concepts'],
        window: null,
        signal: new AbortController().signal,
        expectHeld: () => undefined,
        onProgress: () => undefined,
      }
      return fillVectors(documentsOf(texts), embedder, build, { ...silent, ...options }, () => 0)
    },
    rows: <T>(sql: string): T[] => withFile(paths.embeddingsPath, (db) => db.prepare(sql).all() as T[]),
    change: (sql) => void withFile(paths.embeddingsPath, (db) => db.exec(sql)),
  }
}

function withFile<T>(path: string, act: (db: Database.Database) => T): T {
  const db = new Database(path)
  try {
    return act(db)
  } finally {
    db.close()
  }
}

/** A concept each, whose name is the text. */
export function documentsOf(texts: readonly string[]): DocumentPages {
  const all = texts.map((name, at) => ({
    doc: at + 1,
    id: `con_${at}`,
    marks: '',
    name,
    aliases: '',
    text: '',
  }))
  return {
    search: {
      page: (kind: SearchKind, after: number, limit: number) =>
        kind === 'concepts' ? all.slice(after, after + limit) : [],
    },
  }
}
