/**
 * What does a whole field of the built-in structurer say of what people said, and what does it merge wrongly?
 *
 * Each public corpus goes the whole way through the built command line (plan, run, merge) and is measured by
 * `rff-shard eval`; docs/evaluation.md tells how each figure is counted. Four fields a corpus: clusters that cover it
 * or one for every fact, with the known groups of duplicates as given, or with every fact a group of its own, so that
 * duplicates must be found; two where there are no groups.
 *
 * Run: CORPORA=<folder> node --import tsx bench/trials/gold-field.ts [corpus …]
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FieldCounts } from '../../schemas/manifest.ts'
import type { Evaluation } from '../../src/field/eval/evaluate-field.ts'
import { readLines } from '../support/corpus-files.ts'
import { trialAsMarkdown } from '../support/markdown.ts'
import { measureCli } from '../support/our-cli.ts'
import type { Cell, Row, Trial, TrialContext } from '../support/trial.ts'

const CORPORA = ['hardsci-small', 'openstax-physics', 'claims', 'bcd', 'obo', 'metamath', 'worldtree', 'oewn']
const SMALL_CORPORA = CORPORA.slice(0, 1)
const MODES = ['cover', 'every'] as const
const SHARDS = 4

interface Way {
  readonly corpus: string
  readonly mode: (typeof MODES)[number]
  /** Whether the plan is told which facts are duplicates. */
  readonly knowsGroups: boolean
}

interface PlanSummary {
  readonly intake: { readonly added: number }
  readonly expand: { readonly clusterCount: number }
}

interface MergeSummary {
  readonly manifest: { readonly counts: FieldCounts }
  readonly health: { readonly field: { readonly links: { readonly scored: number; readonly kept: number } } }
}

type EvalSummary = { readonly fields: readonly [Evaluation] }

async function measureWay(folder: string, way: Way, workspace: string): Promise<Row> {
  const { corpus, mode, knowsGroups } = way
  const gold = ['relations', 'clusters']
    .map((kind) => join(folder, `gold-${kind}-${corpus}.jsonl`))
    .filter((path) => existsSync(path))
  const grouping = knowsGroups ? [] : ['--map', 'dup_group_id=fact_id']
  const facts = join(folder, `facts-${corpus}.jsonl`)
  const plan = await measureCli<PlanSummary>(workspace, [
    'plan',
    facts,
    `--${mode}`,
    '--shards',
    String(SHARDS),
    ...grouping,
  ])
  const run = await measureCli<unknown>(workspace, ['run'])
  const merge = await measureCli<MergeSummary>(workspace, ['merge'])
  const measured = await measureCli<EvalSummary>(workspace, [
    'eval',
    '--samples',
    '0',
    ...(gold.length > 0 ? ['--gold', ...gold] : []),
  ])
  const { counts } = merge.summary.manifest
  const { scored, kept } = merge.summary.health.field.links
  return {
    name: `${corpus}, ${mode}, ${knowsGroups ? 'groups known' : 'no groups'}`,
    cells: {
      facts: plan.summary.intake.added,
      clusters: plan.summary.expand.clusterCount,
      concepts: counts.concepts,
      members: counts.members,
      'edges between concepts': counts.edges,
      'between facts': counts.fact_edges,
      'links kept': kept,
      'links dropped': scored - kept,
      ...goldCells(measured.summary.fields[0]),
      'whole way s': (plan.wallMs + run.wallMs + merge.wallMs) / 1_000,
      'eval s': measured.wallMs / 1_000,
    },
  }
}

function goldCells({ types, identities, wrongMerges, lookAlikes, trees }: Evaluation): Record<string, Cell> {
  const merged = wrongMerges.counts.reduce((sum, one) => sum + one.merged, 0)
  const apart = wrongMerges.counts.reduce((sum, one) => sum + one.gold, 0)
  return {
    'relations: precision, by edge / recall': listed(
      types.map(
        ({ relType, precision, precisionByEdge, edges, recall, predicted, gold }) =>
          `${relType} ${share(precision)} of ${predicted}, ${share(precisionByEdge)} of ${edges} / ${share(recall)} of ${gold}`,
      ),
    ),
    'gold in one cluster': share(
      ratio(sum(types.map((one) => one.inOneCluster)), sum(types.map((one) => one.gold))),
    ),
    'one thing: met': listed(
      identities.map(
        ({ relation, inOneGroup, inOneConcept, apart: parted, lost }) =>
          `${relation} ${inOneGroup + inOneConcept} of ${inOneGroup + inOneConcept + parted + lost}`,
      ),
    ),
    'wrong merges': apart === 0 ? null : `${merged} of ${apart}`,
    'look-alikes merged': `${lookAlikes.merged} of ${lookAlikes.pairs}`,
    'trees: leaves / distractors in one concept':
      trees === null ? null : `${together(trees.leaves)} / ${together(trees.distractors)}`,
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`)
const listed = (parts: readonly string[]): string | null => (parts.length === 0 ? null : parts.join('; '))
const together = ({ inOneConcept, pairs }: { inOneConcept: number; pairs: number }): string =>
  share(ratio(inOneConcept, pairs))

async function measureCorpora(
  { workFolder, say }: Pick<TrialContext, 'workFolder' | 'say'>,
  folder: string,
  corpora: readonly string[],
): Promise<Row[]> {
  const rows: Row[] = []
  for (const corpus of corpora)
    for (const knowsGroups of hasDuplicates(folder, corpus) ? [true, false] : [true])
      for (const mode of MODES) {
        const workspace = mkdtempSync(join(workFolder, 'gold-field-'))
        say(`${corpus}, ${mode}, ${knowsGroups ? 'groups known' : 'no groups'}`)
        rows.push(await measureWay(folder, { corpus, mode, knowsGroups }, workspace))
        rmSync(workspace, { recursive: true })
      }
  return rows
}

/** Without any, the two plans are one. */
const hasDuplicates = (folder: string, corpus: string): boolean =>
  readLines<{ fact_id: string; dup_group_id: string }>(join(folder, `facts-${corpus}.jsonl`)).some(
    (fact) => fact.dup_group_id !== fact.fact_id,
  )

export const trial: Trial = {
  name: 'gold-field',
  question: 'What does a whole field say of what people said, and what does it merge wrongly?',
  peers: [],
  async run({ isSmall, corporaFolder, workFolder, say }) {
    if (corporaFolder === null) {
      const notes = ['This trial needs the public corpora: name their folder with --corpora.']
      return { rows: [], absentPeers: [], notes }
    }
    const corpora = isSmall ? SMALL_CORPORA : CORPORA
    const rows = await measureCorpora({ workFolder, say }, corporaFolder, corpora)
    return { rows, absentPeers: [], notes: ['How each figure is counted stands in docs/evaluation.md.'] }
  },
}

async function main(): Promise<void> {
  const folder = process.env.CORPORA
  if (folder === undefined) {
    process.stderr.write(
      'name the folder of the corpora: CORPORA=<folder> node --import tsx bench/trials/gold-field.ts\n',
    )
    process.exitCode = 2
    return
  }
  const workFolder = mkdtempSync(join(tmpdir(), 'rff-bench-'))
  try {
    const only = process.argv.slice(2)
    const say = (line: string): void => void process.stderr.write(`${line}\n`)
    const rows = await measureCorpora({ workFolder, say }, folder, only.length > 0 ? only : CORPORA)
    process.stdout.write(`${trialAsMarkdown(trial, { rows, absentPeers: [], notes: [] })}\n`)
  } finally {
    rmSync(workFolder, { recursive: true })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
