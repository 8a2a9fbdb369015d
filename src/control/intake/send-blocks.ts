/** The thread's side of readAhead: reads an input and sends its blocks, never many more than were taken. */
import type { TransferListItem } from 'node:worker_threads'
import { asFailure } from '../../../schemas/as-failure.ts'
import type { Failure } from '../../../schemas/failure.ts'
import { type Block, isScannedBlock, type ReadOrder, readBlocks } from './read-blocks.ts'

export interface ReaderOrder extends ReadOrder {
  /** How many blocks were taken, in memory that both threads see. */
  readonly taken: Int32Array
}

export type FromReader =
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'end' }

export type Send = (message: FromReader, transferred: TransferListItem[]) => void

/** Sent and not taken yet; each is about 7 MB with what points into it. */
const BLOCKS_AHEAD = 2

/** A class that is thrown here arrives without its name, code and fields; so failures are sent as data. */
export async function sendBlocks({ taken, ...order }: ReaderOrder, send: Send): Promise<void> {
  try {
    let sent = 0
    for await (const read of readBlocks(order)) {
      const block = isScannedBlock(read) ? { ...read, bytes: ownBytes(read.bytes) } : read
      send({ kind: 'block', block }, isScannedBlock(block) ? buffersOf(block) : [])
      sent += 1
      waitFor(taken, sent - BLOCKS_AHEAD)
    }
    send({ kind: 'end' }, [])
  } catch (cause) {
    send({ kind: 'failure', failure: asFailure(cause) }, [])
  }
}

/** Memory that is given away must hold nothing else. */
const ownBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)

const buffersOf = ({ bytes, spans, keyHalves, places }: Extract<Block, { spans: unknown }>) =>
  [bytes, spans, keyHalves, places].map(({ buffer }) => buffer as ArrayBuffer)

/** The thread has nothing else to do, so it stands still. */
function waitFor(taken: Int32Array, count: number): void {
  for (let now = Atomics.load(taken, 0); now < count; now = Atomics.load(taken, 0))
    Atomics.wait(taken, 0, now)
}
