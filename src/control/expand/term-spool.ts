/**
 * A file between reading the texts and building the index, so that the index's size is known before it is built and no
 * text is read twice. Nobody else sees it: its name is gone as soon as it is open.
 */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import type { TermBlock } from '../../passes/20-x-expand/cut-texts.ts'

export interface TermSpool {
  put(block: TermBlock): void
  /** From the first one on; the memory of a block is used again for the next. */
  blocks(): Generator<TermBlock>
  close(): void
}

/** @param path of a file that is not there yet, on a disk with room: 12 bytes a term and 16 a fact */
export function openTermSpool(path: string): TermSpool {
  const file = openSync(path, 'wx+')
  unlinkSync(path)
  const lengths: number[] = []
  return {
    put(block) {
      const bytes = bytesOf(block)
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      lengths.push(block.length)
    },
    *blocks() {
      const memory = new Uint32Array(Math.max(0, ...lengths))
      let position = 0
      for (const length of lengths) {
        const bytes = bytesOf(memory.subarray(0, length))
        for (let at = 0; at < bytes.length; ) {
          at += readSync(file, bytes, at, bytes.length - at, position + at)
        }
        position += bytes.length
        yield memory.subarray(0, length)
      }
    },
    close: () => closeSync(file),
  }
}

const bytesOf = (block: TermBlock): Uint8Array =>
  new Uint8Array(block.buffer, block.byteOffset, block.byteLength)
