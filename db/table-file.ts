/**
 * A SQLite file of one table, laid out by hand: rows come as finished records, ascending by rowid, and fill its leaf
 * pages one behind the other (https://sqlite.org/fileformat2.html). SQLite copies such rows into a table of the same
 * definition as they are, without taking them apart, and that is what the file is for.
 *
 * In memory until it is written; its bytes are used again for the next one.
 */
import Database from 'better-sqlite3'

const PAGE_BYTES = 65_536
const [INTERIOR, LEAF] = [0x05, 0x0d] as const
const [INTERIOR_HEADER_BYTES, LEAF_HEADER_BYTES, POINTER_BYTES, CHILD_BYTES] = [12, 8, 2, 4] as const
const ROOT_PAGE = 2
/** In the header of the file. */
const PAGE_COUNT_AT = 28

/** A longer record would need overflow pages; such a row has to take another way. */
export const MOST_RECORD_BYTES = PAGE_BYTES - 35
/** Far fewer than one page above them could hold: 64 MiB of rows. */
const MOST_LEAVES = 1_024

export class TableFile {
  /** Header and schema, as SQLite itself makes them for the definition. */
  readonly #firstPage: Uint8Array
  #bytes: Buffer
  /** The largest rowid of each leaf. */
  #lastRowids: number[] = []
  #rowid = 0
  /** Of the leaf that is being filled: where it begins in the file, its cells, and where the lowest of them begins. */
  #page = PAGE_BYTES
  #cells = 0
  #top = 0

  /** @param definition of the table, as in sqlite_schema */
  constructor(definition: string) {
    this.#firstPage = emptyFile(definition).subarray(0, PAGE_BYTES)
    this.#bytes = Buffer.alloc(PAGE_BYTES * 64)
  }

  /** The file as far as it is filled; another array after `addRow` has found no room. */
  get bytes(): Buffer {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#rowid === 0
  }

  /** What comes now has to take another way, until the file is finished. */
  get isFull(): boolean {
    return this.#lastRowids.length >= MOST_LEAVES
  }

  /**
   * Makes room for a row.
   *
   * @param rowid larger than that of the row before
   * @param recordBytes at most MOST_RECORD_BYTES
   * @returns where in `bytes` the record has to be written
   */
  addRow(rowid: number, recordBytes: number): number {
    const cellBytes = varintBytes(recordBytes) + varintBytes(rowid) + recordBytes
    const taken = LEAF_HEADER_BYTES + POINTER_BYTES * (this.#cells + 1)
    if (this.#rowid === 0 || taken + cellBytes > this.#top) this.#nextLeaf()
    this.#top -= cellBytes
    const pointer = this.#page + LEAF_HEADER_BYTES + POINTER_BYTES * this.#cells
    this.#cells += 1
    this.#bytes[pointer] = this.#top >> 8
    this.#bytes[pointer + 1] = this.#top
    this.#rowid = rowid
    const cell = this.#page + this.#top
    return writeVarint(this.#bytes, writeVarint(this.#bytes, cell, recordBytes), rowid)
  }

  /** @returns the bytes of the file, until the next row is added; the table is empty then */
  finish(): Uint8Array {
    this.#closeLeaf()
    this.#bytes.set(this.#firstPage)
    const leaves = this.#lastRowids.length
    const pages = leaves === 1 ? ROOT_PAGE : ROOT_PAGE + leaves
    if (leaves === 1) this.#bytes.copyWithin(PAGE_BYTES, 2 * PAGE_BYTES, 3 * PAGE_BYTES)
    else this.#writeRoot()
    this.#bytes.writeUInt32BE(pages, PAGE_COUNT_AT)
    this.#lastRowids = []
    this.#rowid = 0
    this.#page = PAGE_BYTES
    return this.#bytes.subarray(0, pages * PAGE_BYTES)
  }

  #nextLeaf(): void {
    if (this.#rowid > 0) this.#closeLeaf()
    this.#page += PAGE_BYTES
    if (this.#page + PAGE_BYTES > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2)
    }
    this.#cells = 0
    this.#top = PAGE_BYTES
  }

  #closeLeaf(): void {
    this.#lastRowids.push(this.#rowid)
    writePageHeader(this.#bytes, this.#page, LEAF, this.#cells, this.#top)
  }

  /** One page above all leaves; a single leaf is the root itself. */
  #writeRoot(): void {
    const root = PAGE_BYTES
    const children = this.#lastRowids.slice(0, -1)
    let top = PAGE_BYTES
    for (const [at, lastRowid] of children.entries()) {
      top -= CHILD_BYTES + varintBytes(lastRowid)
      this.#bytes.writeUInt32BE(ROOT_PAGE + 1 + at, root + top)
      writeVarint(this.#bytes, root + top + CHILD_BYTES, lastRowid)
      this.#bytes.writeUInt16BE(top, root + INTERIOR_HEADER_BYTES + POINTER_BYTES * at)
    }
    writePageHeader(this.#bytes, root, INTERIOR, children.length, top)
    this.#bytes.writeUInt32BE(ROOT_PAGE + this.#lastRowids.length, root + LEAF_HEADER_BYTES)
  }
}

function emptyFile(definition: string): Buffer {
  const db = new Database(':memory:')
  try {
    db.pragma(`page_size = ${PAGE_BYTES}`)
    db.exec(definition)
    return db.serialize()
  } finally {
    db.close()
  }
}

function writePageHeader(bytes: Buffer, page: number, kind: number, cells: number, top: number): void {
  bytes[page] = kind
  bytes.writeUInt16BE(0, page + 1) // no free block
  bytes.writeUInt16BE(cells, page + 3)
  bytes.writeUInt16BE(top % PAGE_BYTES, page + 5) // 0 stands for 65,536
  bytes[page + 7] = 0 // no fragments
}

/** @param value 0 … 2^53 - 1; nearly all are small */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x20_0000) return 3
  let bytes = 4
  for (let rest = Math.floor(value / 0x1000_0000); rest > 0; rest = Math.floor(rest / 0x80)) bytes += 1
  return bytes
}

/** @returns where it ends */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  if (value < 0x80) {
    bytes[at] = value
    return at + 1
  }
  if (value < 0x4000) {
    bytes[at] = 0x80 | (value >> 7)
    bytes[at + 1] = value & 0x7f
    return at + 2
  }
  const end = at + varintBytes(value)
  let rest = value
  for (let byte = end - 1; byte >= at; byte--) {
    bytes[byte] = (rest % 0x80) | (byte === end - 1 ? 0 : 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return end
}
