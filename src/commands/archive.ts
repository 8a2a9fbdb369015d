import type { ArchiveRecord } from '../../schemas/archive.ts'
import { RffError } from '../../schemas/failure.ts'
import { archivesDirOf, latestRecords } from '../control/archive/archive-index.ts'
import { archiveWorkspace } from '../control/archive/archive-workspace.ts'
import { restoreArchive } from '../control/archive/restore-archive.ts'
import { type VerifiedArchive, verifyArchives } from '../control/archive/verify-archives.ts'
import { withLease } from '../control/with-lease.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { count, isOrAre, plural } from '../language/counted.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import { bytes } from './format.ts'
import { printJson } from './print-json.ts'
import { wholeNumber } from './read-options.ts'
import { type Column, table } from './table.ts'
import { verbOf } from './verb.ts'

const VERBS = ['create', 'ls', 'verify', 'restore'] as const

export const archiveCommand: CommandSpec = {
  name: 'archive',
  verbs: VERBS,
  summary: 'old runs and fields: pack them away with their digests, check them, bring them back',
  examples: [
    'archive create',
    'archive create --keep 10',
    'archive ls',
    'archive verify',
    'archive restore field-20260102_030405',
  ],
  configure: (command) =>
    command
      .argument('<verb>', VERBS.join(', '))
      .argument('[names...]', 'archives, as archive ls names them')
      .option('--keep <n>', 'newest runs and fields that stay where they are'),
  async run([given, ...names], options, context) {
    const verb = verbOf('archive', VERBS, given)
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      switch (verb) {
        case 'create':
          return await create(workspace, names, options, context)
        case 'ls':
          return list(workspace, context)
        case 'verify':
          return await verify(workspace, names, context)
        case 'restore':
          return await restore(workspace, names, context)
      }
    } finally {
      workspace.close()
    }
  },
}

async function create(
  workspace: Workspace,
  names: readonly string[],
  options: CommandOptions,
  context: CommandContext,
): Promise<number> {
  if (names.length > 0)
    throw new RffError(
      'usage',
      `archive create takes no names, got ${names.join(' ')}; --keep says what stays`,
    )
  const config = context.loadConfig({
    archive: { keep: wholeNumber(options, 'keep', 1, 10_000) ?? undefined },
  })
  const records = await archiveWorkspace(workspace, config, context.signal, context.nowMs)
  show(context, 'archive create', records, `${count(records.length)} archived`)
  return 0
}

function list(workspace: Workspace, context: CommandContext): number {
  const records = [...latestRecords(archivesDirOf(workspace.dir)).values()]
  show(context, 'archive ls', records, plural(records.length, 'archive'))
  return 0
}

async function verify(
  workspace: Workspace,
  names: readonly string[],
  context: CommandContext,
): Promise<number> {
  const verified = await verifyArchives(archivesDirOf(workspace.dir), names)
  const broken = verified.filter(({ failure }) => failure !== null)
  if (context.wantsJson) printJson(context, 'archive verify', verified)
  for (const one of broken) context.say(tellBroken(one))
  context.say(
    `${count(verified.length - broken.length)} of ${plural(verified.length, 'archive')} ${isOrAre(verified.length - broken.length)} whole`,
  )
  return broken.length === 0 ? 0 : exitCodeOf('archive_damaged')
}

const tellBroken = ({ record, failure }: VerifiedArchive): string =>
  `${record.name}: ${failure?.code}: ${failure?.message}`

async function restore(
  workspace: Workspace,
  names: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (names.length === 0) throw new RffError('usage', 'archive restore wants a name; archive ls has them')
  const { leaseMs } = context.loadConfig({}).run
  const { nowMs, signal } = context
  const records = await withLease(workspace.control, 'archive', { leaseMs, nowMs, signal }, async () => {
    const restored: ArchiveRecord[] = []
    for (const name of names) restored.push(await restoreArchive(workspace, name))
    return restored
  })
  show(context, 'archive restore', records, `${count(records.length)} restored`)
  return 0
}

const COLUMNS: readonly Column[] = [
  { heading: 'archive' },
  { heading: 'files', isNumber: true },
  { heading: 'size', isNumber: true },
  { heading: 'packed', isNumber: true },
  { heading: 'since' },
]

function show(
  context: CommandContext,
  name: 'archive create' | 'archive ls' | 'archive restore',
  records: readonly ArchiveRecord[],
  total: string,
): void {
  if (context.wantsJson) {
    printJson(context, name, records)
    return
  }
  const rows = records.map(({ name, files, bytes: size, archive_bytes: packed, created_at: at }) => [
    name,
    count(files),
    bytes(size),
    bytes(packed),
    at.slice(0, 10),
  ])
  if (rows.length > 0) context.print(table(COLUMNS, rows))
  context.say(total)
}
