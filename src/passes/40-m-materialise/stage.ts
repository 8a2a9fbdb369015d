/** Structures to deltas. Pure per record, so a batch can be repeated. */

import type { Db } from '../../../db/open.ts'
import { deltaQueries } from '../../../db/queries/deltas.ts'
import { structureQueries } from '../../../db/queries/structures.ts'
import type { Material } from '../../../schemas/delta.ts'
import type { RecordStage } from '../stage.ts'
import { type Materialisable, materialise } from './materialise.ts'

/** Stands on every structure whose deltas are written. Raise it when the same structure may give other deltas. */
export const PASS_M_VERSION = 1

/** @param settings the same for every shard of a plan, or one name gets two ids */
export const passM = (settings: { keepDomainsApart: boolean }): RecordStage<Materialisable, Material> => ({
  name: 'pass-m',
  version: PASS_M_VERSION,
  batchSize: 500,
  read: (db, limit) =>
    queriesOf(db)
      .structures.toMaterialise(PASS_M_VERSION, limit)
      .map((record) => ({ ...record, ...settings })),
  apply: materialise,
  write: (db, materials) => {
    for (const material of materials) storeMaterial(db, material)
  },
})

/** Replaces a cluster's deltas and marks its structure; for a caller that holds the transaction already. */
export function storeMaterial(db: Db, material: Material): void {
  const { deltas, structures } = queriesOf(db)
  deltas.replace(material)
  structures.markMaterialised(material.concept.clusterId, PASS_M_VERSION)
}

const prepare = (db: Db) => ({ deltas: deltaQueries(db), structures: structureQueries(db) })

/** Statements are prepared once a connection and go with it. */
const prepared = new WeakMap<Db, ReturnType<typeof prepare>>()

function queriesOf(db: Db): ReturnType<typeof prepare> {
  const known = prepared.get(db) ?? prepare(db)
  prepared.set(db, known)
  return known
}
