/** clusters_by_domain/*.jsonl: what a plan made, one file a domain, for people who want to read before they pay. */
import { appendFileSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { clusterLines } from '../../../db/queries/cluster-lines.ts'
import { domainsOf } from '../../../db/queries/shard-domains.ts'
import { RffError } from '../../../schemas/failure.ts'
import { visitShards } from '../status/visit-shards.ts'
import type { Workspace } from '../workspace.ts'
import { domainFileName } from './domain-file-name.ts'

export interface WrittenDomains {
  readonly dir: string
  readonly domains: number
  readonly clusters: number
}

/** Text kept back before a file is appended to: a corpus of many domains would open a file for every line. */
const CHARS_HELD = 16 * 2 ** 20

/**
 * The files hold the clusters in key order, so they are the same for any number of shards. A folder that was there is
 * replaced once the new one is whole.
 *
 * @throws RffError shard_damaged where a shard cannot be read: half of a corpus would look like all of it
 */
export function writeClustersByDomain(workspace: Workspace, dir: string): WrittenDomains {
  const fileNames = nameFiles(workspace)
  const growing = `${dir}.new`
  rmSync(growing, { recursive: true, force: true })
  mkdirSync(growing, { recursive: true })
  const files = heldAppends(growing)
  let clusters = 0
  expectAll(
    visitShards(workspace, (db) => {
      for (const { domain, line } of clusterLines(db)) {
        files.append(fileNames.get(domain)!, `${line}\n`)
        clusters += 1
      }
    }),
  )
  files.flush()
  rmSync(dir, { recursive: true, force: true })
  renameSync(growing, dir)
  return { dir, domains: fileNames.size, clusters }
}

function nameFiles(workspace: Workspace): Map<string, string> {
  const domains = new Set<string>()
  expectAll(
    visitShards(workspace, (db) => {
      for (const domain of domainsOf(db)) domains.add(domain)
    }),
  )
  const spellings = new Map<string, number>()
  for (const domain of domains) {
    const folded = domainFileName(domain, () => false).toLowerCase()
    spellings.set(folded, (spellings.get(folded) ?? 0) + 1)
  }
  const isAmbiguous = (name: string): boolean => spellings.get(`${name}.jsonl`.toLowerCase())! > 1
  return new Map([...domains].map((domain) => [domain, domainFileName(domain, isAmbiguous)]))
}

function heldAppends(dir: string) {
  const held = new Map<string, string[]>()
  let heldChars = 0
  const flush = (): void => {
    for (const [name, lines] of held) appendFileSync(join(dir, name), lines.join(''))
    held.clear()
    heldChars = 0
  }
  return {
    append(name: string, line: string): void {
      const lines = held.get(name)
      if (lines === undefined) held.set(name, [line])
      else lines.push(line)
      heldChars += line.length
      if (heldChars > CHARS_HELD) flush()
    },
    flush,
  }
}

function expectAll(visited: ReturnType<typeof visitShards>): void {
  for (const one of visited) {
    if (!one.ok) throw new RffError('shard_damaged', `shard ${one.shard.shardNo}: ${one.failure.message}`)
  }
}
