/**
 * The first part of PassG: gathering all deltas into the raw tables, before PassM' and PassX_link run on them.
 *
 * It runs on a file that is being built and is thrown away when a merge is killed, so it takes one transaction a group of
 * shards, since files cannot be attached inside one. Threads may read the shards instead, each into a file of sorted runs.
 */
import { type Db, openDb } from '../../../../db/open.ts'
import { dumpTables } from '../../../../db/queries/field-dump.ts'
import { countShard } from '../../../../db/queries/field-inputs.ts'
import {
  attach,
  attachPassing,
  beginRaw,
  detach,
  endRaw,
  noteSuperseded,
  SHARDS_ATTACHED,
  takeBase,
  takeDeltas,
} from '../../../../db/queries/field-raw.ts'
import { DELTA_TABLES } from '../../../../db/queries/field-tables.ts'
import { noteKnown, uniteKnown } from '../../../../db/queries/known-clusters.ts'
import { shardMetaQueries } from '../../../../db/queries/shard-meta.ts'
import { addRun, createRuns, type RunFile, takeRuns } from '../../../../db/queries/sorted-runs.ts'
import { asFailure } from '../../../../schemas/as-failure.ts'
import { RffError } from '../../../../schemas/failure.ts'
import type { MergeInput, SetAside } from '../../../../schemas/manifest.ts'
import { plural } from '../../../language/counted.ts'
import type { SetStage } from '../../stage.ts'
import { digestBlocks } from '../digest-blocks.ts'

export interface GatherInputs {
  /** The field that grows; null for a first one. */
  readonly basePath: string | null
  readonly shards: readonly ShardFile[]
  /** Where threads read them; without it they are read here. */
  readonly readShards?: ReadShards
}

export interface ShardFile {
  readonly shardNo: number
  readonly path: string
  /** Of the plan that the file must be of; not asked for where it is not given. */
  readonly lineage?: string
}

export interface GatherSummary {
  /** Ascending by shard number. */
  readonly inputs: readonly MergeInput[]
  /** Shards that are missing or cannot be read; the base keeps speaking for them. */
  readonly setAside: readonly SetAside[]
}

/** What one thread made of the shards that it read. */
export interface ShardRuns extends GatherSummary {
  readonly file: RunFile
}

/** Each shard is read by one of them; who reads which makes no difference. */
export type ReadShards = (shards: readonly ShardFile[]) => Promise<readonly ShardRuns[]>

/** All deltas into the raw tables: a shard is the truth for its clusters, the base speaks for the others. */
export const passGather: SetStage<GatherInputs, Promise<GatherSummary>> = {
  name: 'pass-g-gather',
  version: 1,
  async apply(db, { basePath, shards, readShards }) {
    beginRaw(db)
    const ordered = [...shards].sort(byNumber)
    const parts =
      readShards === undefined ? readHere(db, ordered) : takeAll(db, ordered, await readShards(ordered))
    if (basePath !== null) addBase(db, basePath)
    endRaw(db)
    return {
      inputs: parts.flatMap(({ inputs }) => inputs).sort((a, b) => a.shard_no - b.shard_no),
      setAside: parts.flatMap(({ setAside }) => setAside).sort((a, b) => a.shard_no - b.shard_no),
    }
  },
}

const byNumber = (a: ShardFile, b: ShardFile): number => a.shardNo - b.shardNo

/** @param most shards in a group, at most as many as can be attached at once */
export function* groupsOf(shards: readonly ShardFile[], most = SHARDS_ATTACHED): Generator<ShardFile[]> {
  for (let at = 0; at < shards.length; at += most) yield shards.slice(at, at + most)
}

const readHere = (db: Db, shards: readonly ShardFile[]): GatherSummary[] =>
  [...groupsOf(shards)].map((group) =>
    takeGroup(db, group, 'temp', (schemas) => {
      takeDeltas(db, schemas)
    }),
  )

export interface RunWriter {
  /** @param shards of one group, ascending */
  add(shards: readonly ShardFile[]): GatherSummary
  /** @returns the file, closed */
  end(): RunFile
}

/**
 * What a thread does with its groups of shards, in the order in which it gets them.
 *
 * @param watch sees the connection before anything is asked of it
 */
export function createRunWriter(path: string, watch: (db: Db) => void): RunWriter {
  const db = createRuns(path)
  watch(db)
  let runCount = 0
  return {
    add: (shards) => takeGroup(db, shards, 'main', (schemas) => addRun(db, runCount++, schemas)),
    end() {
      db.close()
      return { path, runCount }
    },
  }
}

function takeAll(db: Db, shards: readonly ShardFile[], parts: readonly ShardRuns[]): readonly ShardRuns[] {
  const files = new Map(parts.map(({ file }, at) => [`runs_${at}`, file]))
  for (const [schema, { path }] of files) attachPassing(db, path, schema)
  db.transaction(() => {
    for (const schema of files.keys()) {
      const repeated = uniteKnown(db, schema)
      if (repeated === undefined) continue
      const { path } = shards.find(({ shardNo }) => shardNo === repeated.shardNo)!
      throw twiceKnown(path, repeated.clusters)
    }
    takeRuns(db, files)
  })()
  for (const schema of files.keys()) detach(db, schema)
  return parts
}

function addBase(db: Db, basePath: string): void {
  attach(db, basePath, 'base')
  db.transaction(() => {
    takeBase(db)
    noteSuperseded(db)
  })()
  detach(db, 'base')
}

/**
 * @param known schema of the table of known clusters
 * @param take the rows of the shards that are attached under these schemas, at least one
 */
function takeGroup(
  db: Db,
  shards: readonly ShardFile[],
  known: string,
  take: (schemas: readonly string[]) => void,
): GatherSummary {
  const inputs: MergeInput[] = []
  const setAside: SetAside[] = []
  const attached = shards.filter((shard) => {
    const fault = findFault(shard)
    if (fault !== null) setAside.push(fault)
    else attachPassing(db, shard.path, schemaOf(shard))
    return fault === null
  })
  // Counting and taking see one snapshot of each shard, whoever writes meanwhile.
  db.transaction(() => {
    const sound = attached.filter((shard) => {
      const input = readInput(db, shard, known)
      if ('code' in input) setAside.push(input)
      else inputs.push(input)
      return !('code' in input)
    })
    if (sound.length > 0) take(sound.map(schemaOf))
  })()
  for (const shard of attached) detach(db, schemaOf(shard))
  return { inputs, setAside }
}

const schemaOf = ({ shardNo }: ShardFile): string => `shard_${shardNo}`

/** Attaching a missing file would create it, so it is opened for reading alone first. */
function findFault({ shardNo, path, lineage }: ShardFile): SetAside | null {
  try {
    const db = openDb(path, 'shard', { mode: 'read' })
    const identity = shardMetaQueries(db).identity()
    db.close()
    const isOfPlan = lineage === undefined || identity?.lineage === lineage
    if (isOfPlan && (identity === undefined || identity.shardNo === shardNo)) return null
    return {
      shard_no: shardNo,
      code: 'plan_mismatch',
      message: `${path} says it is shard ${identity?.shardNo} of plan ${identity?.lineage}, expected ${shardNo} of ${lineage}`,
    }
  } catch (cause) {
    const { code, message } = asFailure(cause)
    return { shard_no: shardNo, code, message }
  }
}

/** Reads every page of the deltas for their digest, so a file that is damaged inside is found before it is used. */
function readInput(db: Db, shard: ShardFile, known: string): MergeInput | SetAside {
  const schema = schemaOf(shard)
  const read = db.transaction((): MergeInput => {
    const census = countShard(db, schema)
    const delta_digest = digestBlocks(dumpTables(db, schema, DELTA_TABLES))
    const repeated = noteKnown(db, known, schema, shard.shardNo)
    if (repeated > 0) throw twiceKnown(shard.path, repeated)
    return { shard_no: shard.shardNo, ...census, delta_digest }
  })
  try {
    return read()
  } catch (cause) {
    const { code, message } = asFailure(cause)
    if (code !== 'shard_damaged' && code !== 'disk_failed') throw cause
    return { shard_no: shard.shardNo, code, message: `${shard.path}: ${message}` }
  }
}

const twiceKnown = (path: string, clusters: number): RffError =>
  new RffError(
    'plan_mismatch',
    `${plural(clusters, 'cluster')} of ${path} ${clusters === 1 ? 'stands' : 'stand'} in another shard file too, expected each in one`,
  )
