/** Creates a shard in a process that somebody may kill: PATH META, as built. */
import { createShard, seal } from '../../dist/shards/lifecycle.js'

const [path, meta] = process.argv.slice(2)
const { keyFirst, keyLast, ...rest } = JSON.parse(meta)
seal(createShard(path, { ...rest, keyFirst: BigInt(keyFirst), keyLast: BigInt(keyLast) }))
