/** Writes generated facts as JSON lines, a block at a time, so that memory does not grow with the corpus. */
import { closeSync, openSync, writeSync } from 'node:fs'
import type { GeneratedFact } from './generated-fact.ts'

const BLOCK_CHARS = 1_000_000

/** @returns bytes written */
export function writeCorpus(path: string, facts: Iterable<GeneratedFact>): number {
  const file = openSync(path, 'w')
  let bytes = 0
  let block = ''
  const flush = (): void => {
    const encoded = Buffer.from(block)
    for (let at = 0; at < encoded.length; ) at += writeSync(file, encoded, at)
    bytes += encoded.length
    block = ''
  }
  for (const fact of facts) {
    block += `${JSON.stringify(fact)}\n`
    if (block.length >= BLOCK_CHARS) flush()
  }
  flush()
  closeSync(file)
  return bytes
}
