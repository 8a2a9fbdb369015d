/**
 * PassG in its two parts: gathering all deltas into the raw tables, before PassM' and PassX_link run on them, and
 * filling the tables that are published.
 *
 * Both run on a file that is being built and is thrown away when a merge is killed, so gathering takes one transaction
 * a group of shards, since files cannot be attached inside one.
 */
import { type Db, openDb } from '../../../db/open.ts'
import { withoutIndexes } from '../../../db/queries/field-building.ts'
import { conceptQueries, fillWords } from '../../../db/queries/field-concepts.ts'
import { dumpTables } from '../../../db/queries/field-dump.ts'
import { fillEdges } from '../../../db/queries/field-edges.ts'
import { countShard } from '../../../db/queries/field-inputs.ts'
import { beginUnion, fillFactEdges, fillMembers } from '../../../db/queries/field-members.ts'
import { countField, emptyPublished } from '../../../db/queries/field-meta.ts'
import {
  attach,
  beginRaw,
  detach,
  endRaw,
  noteKnown,
  noteSuperseded,
  SHARDS_ATTACHED,
  takeBase,
  takeDeltas,
} from '../../../db/queries/field-raw.ts'
import { DELTA_TABLES, PUBLISHED_TABLES } from '../../../db/queries/field-tables.ts'
import { shardMetaQueries } from '../../../db/queries/shard-meta.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { RawConcept } from '../../../schemas/field-concept.ts'
import { edgeIdOf } from '../../../schemas/ids.ts'
import type { FieldCounts, MergeInput, SetAside } from '../../../schemas/manifest.ts'
import { MEMBER_ROLES } from '../../../schemas/structure.ts'
import { plural } from '../../language/counted.ts'
import type { SetStage } from '../stage.ts'
import { digestBlocks } from './digest-blocks.ts'
import { uniteConcept } from './unite-concept.ts'

const CONCEPTS_PER_PAGE = 2_000

export interface GatherInputs {
  /** The field that grows; null for a first one. */
  readonly basePath: string | null
  readonly shards: readonly ShardFile[]
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

/** All deltas into the raw tables: a shard is the truth for its clusters, the base speaks for the others. */
export const passGather: SetStage<GatherInputs, GatherSummary> = {
  name: 'pass-g-gather',
  version: 1,
  apply(db, { basePath, shards }) {
    beginRaw(db)
    const ordered = [...shards].sort((a, b) => a.shardNo - b.shardNo)
    const inputs: MergeInput[] = []
    const setAside: SetAside[] = []
    for (let at = 0; at < ordered.length; at += SHARDS_ATTACHED) {
      const group = takeGroup(db, ordered.slice(at, at + SHARDS_ATTACHED))
      inputs.push(...group.inputs)
      setAside.push(...group.setAside)
    }
    if (basePath !== null) addBase(db, basePath)
    endRaw(db)
    return { inputs, setAside: setAside.sort((a, b) => a.shard_no - b.shard_no) }
  },
}

function addBase(db: Db, basePath: string): void {
  attach(db, basePath, 'base')
  db.transaction(() => {
    takeBase(db)
    noteSuperseded(db)
  })()
  detach(db, 'base')
}

function takeGroup(db: Db, shards: readonly ShardFile[]): GatherSummary {
  const inputs: MergeInput[] = []
  const setAside: SetAside[] = []
  const attached = shards.filter((shard) => {
    const fault = findFault(shard)
    if (fault !== null) setAside.push(fault)
    else attach(db, shard.path, schemaOf(shard))
    return fault === null
  })
  // Counting and taking see one snapshot of each shard, whoever writes meanwhile.
  db.transaction(() => {
    const sound = attached.filter((shard) => {
      const input = readInput(db, shard)
      if ('code' in input) setAside.push(input)
      else inputs.push(input)
      return !('code' in input)
    })
    if (sound.length > 0) takeDeltas(db, sound.map(schemaOf))
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
function readInput(db: Db, shard: ShardFile): MergeInput | SetAside {
  const schema = schemaOf(shard)
  const read = db.transaction((): MergeInput => {
    const census = countShard(db, schema)
    const delta_digest = digestBlocks(dumpTables(db, schema, DELTA_TABLES))
    const repeated = noteKnown(db, schema)
    if (repeated > 0) {
      throw new RffError(
        'plan_mismatch',
        `${plural(repeated, 'cluster')} of ${shard.path} ${repeated === 1 ? 'stands' : 'stand'} in another shard file too, expected each in one`,
      )
    }
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

export interface MergeSettings {
  /** Schema under which corpus.sqlite is attached. */
  readonly corpusSchema: string
}

/** The raw tables, through the names of PassM' and the kept links of PassX_link, into what is published. */
export const passG: SetStage<MergeSettings, FieldCounts> = {
  name: 'pass-g',
  version: 1,
  apply: (db, { corpusSchema }) =>
    db.transaction(() => {
      emptyPublished(db)
      const unmapped = beginUnion(db)
      if (unmapped > 0) throw new RffError('internal', `${unmapped} raw concepts have no canonical concept`)
      withoutIndexes(db, ['members', 'edges'], () => {
        fillMembers(db, MEMBER_ROLES, corpusSchema)
        fillFactEdges(db)
        fillEdges(db, edgeIdOf)
      })
      withoutIndexes(db, ['aliases'], () => fillConcepts(db))
      fillWords(db)
      return countField(db)
    })(),
}

function fillConcepts(db: Db): void {
  const queries = conceptQueries(db)
  let page = queries.pageAfter('', CONCEPTS_PER_PAGE)
  while (page.rows.length > 0) {
    for (const rows of groupByConcept(page.rows)) queries.put(uniteConcept(rows), page)
    page = queries.pageAfter(page.rows.at(-1)!.conceptId, CONCEPTS_PER_PAGE)
  }
}

/** @param rows ordered by concept */
function* groupByConcept(rows: readonly RawConcept[]): Generator<RawConcept[]> {
  let start = 0
  for (let end = 1; end <= rows.length; end++) {
    if (rows[end]?.conceptId === rows[start]!.conceptId) continue
    yield rows.slice(start, end)
    start = end
  }
}

/** SHA-256 over what is published; see docs/decisions/0051-field-digest.md. */
export const digestField = (db: Db): string => digestBlocks(dumpTables(db, 'main', PUBLISHED_TABLES))
