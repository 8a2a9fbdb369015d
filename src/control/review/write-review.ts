/** review.md: what a person reads in the morning about the clusters that a run could not structure. */
import { join } from 'node:path'
import { runQueries } from '../../../db/queries/runs.ts'
import { FAILURES, RffError } from '../../../schemas/failure.ts'
import { makeFolder } from '../../../shards/durable-folder.ts'
import { count, isOrAre, plural } from '../../language/counted.ts'
import { printable } from '../../language/printable.ts'
import { writeDurably } from '../merge/write-durably.ts'
import type { ShownCase } from '../quarantine/show-cases.ts'
import { economics } from '../status/economics.ts'
import type { Workspace } from '../workspace.ts'
import { economicsPart } from './economics-part.ts'
import { type CaseGroup, GROUPS_WITH_CASES, type GroupedCases, groupCases } from './group-cases.ts'

/**
 * Written anew from the tables each time, so that it is right whatever happened to the file.
 *
 * @returns its path
 * @throws RffError not_found where there is no such run
 */
export function writeReview(workspace: Workspace, runTag: string): string {
  const run = runQueries(workspace.control)
    .all()
    .find((row) => row.runTag === runTag)
  if (run === undefined) throw new RffError('not_found', `there is no run ${runTag}`)
  const dir = workspace.runDir(runTag)
  makeFolder(dir)
  const path = join(dir, 'review.md')
  const money = economicsPart(economics(workspace, runTag))
  const page = reviewPage(runTag, groupCases(workspace, run.runId))
  writeDurably(path, [page.trimEnd(), ...money].join('\n\n').concat('\n'))
  return path
}

function reviewPage(runTag: string, { outcomes, codes, groups, unreadable }: GroupedCases): string {
  const { ok, quarantined } = outcomes
  const parts = [
    `# Run ${runTag}: what went into quarantine`,
    `${count(quarantined)} of ${plural(ok + quarantined, 'cluster')} that this run decided ${isOrAre(quarantined)} in quarantine.`,
    ...unreadable.map(
      ({ shardNo, code, message }) =>
        `Shard ${shardNo} could not be read and is missing here: ${code}: ${message}`,
    ),
  ]
  if (quarantined === 0) return `${parts.join('\n\n')}\n`
  parts.push(
    '## By code',
    'A case counts once for each of its codes.',
    rows(
      ['code', 'cases', 'what it means'],
      codes.map(({ code, cases }) => [`\`${code}\``, String(cases), FAILURES[code].hint]),
    ),
    '## By signature',
    'The same codes on the same relation types in the same domain are one group.',
    rows(
      ['cases', 'codes, relation types, domain'],
      groups.map(({ signature, cases }) => [String(cases), signature]),
    ),
    '## Cases',
    `Of each group those with the smallest hash keys${groups.length > GROUPS_WITH_CASES ? `; of the ${GROUPS_WITH_CASES} largest groups only` : ''}.`,
    ...groups.filter(({ sample }) => sample.length > 0).map(groupPart),
  )
  return `${parts.join('\n\n')}\n`
}

const groupPart = ({ signature, cases, sample }: CaseGroup): string =>
  [`### ${cell(signature)}`, `${cases} in all.`, ...sample.map(casePart)].join('\n\n')

function casePart({ shardNo, cluster, quarantine, answer }: ShownCase): string {
  const facts = cluster.members.map(
    ({ i, standing, factId, text }) =>
      `[${i}] ${standing === 'context' ? '(context) ' : ''}${text.replace(/\s+/gu, ' ')} (${factId})`,
  )
  const findings = quarantine.findings.map(
    ({ code, at, message }) => `${code}${at === '' ? '' : ` at ${at}`}: ${message}`,
  )
  return [
    `#### ${cluster.clusterId}`,
    `Shard ${shardNo}, seed ${cell(cluster.seedFactId)}, ${quarantine.state}. All of it: \`rff-shard inspect ${cluster.clusterId}\``,
    'Facts',
    fenced(facts.join('\n')),
    'Answer',
    fenced(answer ?? '(none came)'),
    'What failed',
    fenced(findings.join('\n')),
  ].join('\n\n')
}

/** Facts and answers are text from outside: nothing in them can end the block that holds them. */
function fenced(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}text\n${printable(text)}\n${fence}`
}

const cell = (text: string): string =>
  printable(text)
    .replace(/\s+/gu, ' ')
    .replace(/[|\\`<>*_[\]]/g, '\\$&')

const rows = (head: readonly string[], body: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...body].map((row) => `| ${row.map(asCell).join(' | ')} |`).join('\n')

/** What we wrote ourselves in backticks stays; everything else is escaped. */
const asCell = (text: string): string => (/^`[a-z_]+`$/.test(text) || text === '---' ? text : cell(text))
