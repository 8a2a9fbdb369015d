import { createHash } from 'node:crypto'

/** SHA-256 over blocks, as if they were one; where a block ends makes no difference. */
export function digestBlocks(blocks: Iterable<Uint8Array>): string {
  const hash = createHash('sha256')
  for (const block of blocks) hash.update(block)
  return hash.digest('hex')
}
