/**
 * A disk that remembers what it was told and what it was told to keep.
 *
 * The strictest reading of POSIX: bytes are kept once their file was synced, a name (created, renamed, removed) once its
 * folder was. What was not synced may be lost when the power goes, or be there in part: `torn` keeps some of the pending
 * writes, some of them by half, and a beginning of the pending changes of names.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { DiskEvent } from './read-log.ts'

/** Files with their bytes, folders with null; by path. */
export type Image = ReadonlyMap<string, Buffer | null>

type Write = { readonly offset: number; readonly data: Buffer } | { readonly length: number }

interface Inode {
  readonly isFolder: boolean
  kept: Buffer
  pending: Write[]
}

type Naming =
  | { readonly kind: 'add'; readonly path: string; readonly inode: Inode }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'move'; readonly path: string; readonly to: string }

type Names = Map<string, Inode>

export class Disk {
  readonly #live: Names = new Map()
  readonly #kept: Names = new Map()
  #pending: Naming[] = []

  constructor(before: Image) {
    for (const [path, bytes] of before) {
      const inode = newInode(bytes === null, bytes ?? undefined)
      this.#live.set(path, inode)
      this.#kept.set(path, inode)
    }
  }

  apply(event: DiskEvent): void {
    const { path } = event
    if (event.kind === 'write' || event.kind === 'truncate') this.#inode(path).pending.push(event)
    else if (event.kind === 'create' || event.kind === 'mkdir')
      this.#rename({ kind: 'add', path, inode: newInode(event.kind === 'mkdir') })
    else if (event.kind === 'unlink' || event.kind === 'rmdir') this.#rename({ kind: 'remove', path })
    else if (event.kind === 'rename') this.#rename({ kind: 'move', path, to: event.to })
    else if (event.kind === 'sync') this.#sync(path)
  }

  /** All that was done, synced or not: what another process sees. */
  live(): Image {
    return imageOf(this.#live, ({ kept, pending }) => pending.reduce(written, kept))
  }

  /** What is there after the power was cut now and every unsynced change was lost. */
  kept(): Image {
    return imageOf(this.#kept, ({ kept }) => kept)
  }

  /** The same where some of the unsynced changes had reached the disk. */
  torn(random: () => number): Image {
    const names: Names = new Map(this.#kept)
    const done = Math.floor(random() * (this.#pending.length + 1))
    for (const naming of this.#pending.slice(0, done)) rename(names, naming)
    return imageOf(names, ({ kept, pending }) =>
      pending.flatMap((write) => survivorsOf(write, random)).reduce(written, kept),
    )
  }

  #rename(naming: Naming): void {
    rename(this.#live, naming)
    this.#pending.push(naming)
  }

  #sync(path: string): void {
    const inode = path === '' ? undefined : this.#inode(path)
    if (inode?.isFolder === false) {
      inode.kept = inode.pending.reduce(written, inode.kept)
      inode.pending = []
      return
    }
    const isHere = (naming: Naming): boolean =>
      folderOf(naming.path) === path || (naming.kind === 'move' && folderOf(naming.to) === path)
    for (const naming of this.#pending.filter(isHere)) rename(this.#kept, naming)
    this.#pending = this.#pending.filter((naming) => !isHere(naming))
  }

  #inode(path: string): Inode {
    const inode = this.#live.get(path)
    if (inode === undefined) throw new Error(`the recording knows no ${path}`)
    return inode
  }
}

const newInode = (isFolder: boolean, kept: Buffer = Buffer.alloc(0)): Inode => ({
  isFolder,
  kept,
  pending: [],
})
const folderOf = (path: string): string => (path.includes('/') ? dirname(path) : '')

function rename(names: Names, naming: Naming): void {
  if (naming.kind === 'add') names.set(naming.path, naming.inode)
  else if (naming.kind === 'remove') names.delete(naming.path)
  else
    for (const [path, inode] of [...names]) {
      if (path !== naming.path && !path.startsWith(`${naming.path}/`)) continue
      names.delete(path)
      names.set(naming.to + path.slice(naming.path.length), inode)
    }
}

function written(bytes: Buffer, write: Write): Buffer {
  if ('length' in write) {
    const cut = Buffer.alloc(write.length)
    bytes.copy(cut)
    return cut
  }
  const grown = Buffer.alloc(Math.max(bytes.length, write.offset + write.data.length))
  bytes.copy(grown)
  write.data.copy(grown, write.offset)
  return grown
}

/** All of it, its first or second half, or nothing; a truncation is whole. */
function survivorsOf(write: Write, random: () => number): Write[] {
  const chance = random()
  if (chance < 0.4) return []
  if ('length' in write || chance < 0.8) return [write]
  const half = write.data.length >> 1
  return chance < 0.9
    ? [{ offset: write.offset, data: write.data.subarray(0, half) }]
    : [{ offset: write.offset + half, data: write.data.subarray(half) }]
}

/** What hangs in a folder that is not there is not there. */
function imageOf(names: Names, bytesOf: (inode: Inode) => Buffer): Image {
  const isReachable = (path: string): boolean => {
    const folder = folderOf(path)
    return folder === '' || (names.get(folder)?.isFolder === true && isReachable(folder))
  }
  const found = [...names].filter(([path]) => isReachable(path)).sort(([a], [b]) => (a < b ? -1 : 1))
  return new Map(found.map(([path, inode]) => [path, inode.isFolder ? null : bytesOf(inode)]))
}

/** A folder as it is now, without SQLite's shared memory. */
export function readImage(root: string): Image {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(({ name }) => !name.endsWith('-shm'))
    .map((entry) => ({
      path: relative(root, join(entry.parentPath, entry.name)),
      isFolder: entry.isDirectory(),
    }))
  return new Map(
    entries.map(({ path, isFolder }) => [path, isFolder ? null : readFileSync(join(root, path))]),
  )
}

export function writeImage(image: Image, root: string): void {
  for (const [path, bytes] of image) {
    if (bytes === null) mkdirSync(join(root, path), { recursive: true })
    else writeFileSync(join(root, path), bytes)
  }
}
