/**
 * The ids of clusters, and the order in which they ascend: 20 bytes a cluster instead of a string each.
 *
 * Ids are hashes. Put in their own order, rows are appended to the tables that they are the key of; in any other, each
 * would touch a random page.
 */
import { orderByPriority } from '../../passes/20-x-expand/order-by-priority.ts'

export interface OrderedIds {
  /** Places, by the first 32 bits of the id at each; equal ones by place. */
  readonly order: Uint32Array
  idAt(place: number): string
}

const PREFIX = 'clu_'
const ID_BYTES = 12

/** @param clusterIdAt as `clusterIdOf` gives it */
export function orderByClusterId(count: number, clusterIdAt: (place: number) => string): OrderedIds {
  const ids = Buffer.alloc(ID_BYTES * count)
  const firstBits = new Uint32Array(count)
  for (let place = 0; place < count; place++) {
    ids.write(clusterIdAt(place).slice(PREFIX.length), ID_BYTES * place, ID_BYTES, 'hex')
    firstBits[place] = ids.readUInt32BE(ID_BYTES * place)
  }
  return {
    order: orderByPriority(firstBits),
    idAt: (place) => PREFIX + ids.toString('hex', ID_BYTES * place, ID_BYTES * (place + 1)),
  }
}
