/** A cluster, an attempt, a run or a shard as a person reads it. */
import type { AttemptRecord, ClusterRecord, StructureRecord } from '../../db/queries/cluster-record.ts'
import type { ClusterDossier } from '../control/inspect/inspect.ts'
import type { RunDossier, ShardDossier } from '../control/inspect/inspect-run.ts'
import { count, plural } from '../language/counted.ts'
import { oneLine } from '../language/printable.ts'
import { bytes, dollars } from './format.ts'
import { properties, section } from './paragraphs.ts'

const TEXT_CHARS = 100

export function describeCluster(found: ClusterDossier): string {
  const { record, clusterId, shardNo, retiredReason, attempts, concepts } = found
  const head = properties([
    ['cluster', clusterId],
    ['shard', shardNo],
    ['seed', record?.seedFactId ?? null],
    ['domain', record?.domain ?? null],
    ['stands at', retiredReason === null ? standingOf(record) : `taken back by the plan: ${retiredReason}`],
  ])
  const conceptLines = concepts.map(({ conceptId, name }) => `${conceptId}  ${name}`)
  return [
    ...head,
    ...section('facts', record === null ? [] : factLines(record)),
    ...section('attempts', attempts.map(attemptLine)),
    ...section('structure', record?.structure ? structureLines(record.structure.structure, record) : []),
    ...section('what failed', (record?.quarantine?.findings ?? []).map(findingLine)),
    ...section('concepts of the field that it supports', conceptLines),
  ].join('\n')
}

const standingOf = (record: ClusterRecord | null): string | null =>
  record === null ? null : (record.frontierState ?? record.done?.outcome ?? 'nowhere')

const factLines = ({ members }: ClusterRecord): string[] =>
  members.map(
    ({ i, standing, factId, text }) =>
      `[${i}] ${standing.padEnd(7)}  ${factId}  ${oneLine(text, TEXT_CHARS)}`,
  )

const attemptLine = ({ attemptId, lane, provider, model, state, verdict, ...rest }: AttemptRecord): string =>
  [
    `${attemptId}  ${lane}  ${provider}/${model}  ${state}${verdict === null ? '' : `, ${verdict}`}`,
    rest.errorCodes?.join(', ') ?? '',
    rest.failureCode ?? '',
    rest.reusedAttemptId === null ? '' : `answer of attempt ${rest.reusedAttemptId}`,
    rest.microUsd > 0 ? dollars(rest.microUsd) : '',
  ]
    .filter((part) => part !== '')
    .join('  ')

const findingLine = ({ code, at, message }: { code: string; at: string; message: string }): string =>
  `${code}${at === '' ? '' : ` at ${at}`}: ${message}`

function structureLines(
  { concept, members, dropped, relations, links }: StructureRecord['structure'],
  { structure }: ClusterRecord,
): string[] {
  const aliases = concept.aliases.length === 0 ? '' : ` (${concept.aliases.join(', ')})`
  return [
    `${concept.name}${aliases}: ${concept.gloss}`,
    `kept     ${members.map(({ i, role }) => `[${i}] ${role}`).join(', ')}`,
    ...(dropped.length === 0
      ? []
      : [`dropped  ${dropped.map(({ i, reason }) => `[${i}] ${reason}`).join(', ')}`]),
    ...relations.map(
      (row) => `[${row.src_i}] ${row.rel_type} [${row.dst_i}]  by ${row.support_i_list.join(', ')}`,
    ),
    ...links.map((row) => `${row.rel_type} ${row.name}  by ${row.support_i_list.join(', ')}`),
    ...(structure!.salvaged.length === 0 ? [] : [`salvaged  ${structure!.salvaged.join(', ')}`]),
  ]
}

export function describeAttempt(shardNo: number, attempt: AttemptRecord): string {
  const { answeredBy, requestId, requestKey, promptDigest, schemaDigest, latencyMs } = attempt
  return [
    ...properties([
      ['attempt', attempt.attemptId],
      ['shard', shardNo],
      ['cluster', attempt.clusterId],
      ['run', attempt.runId],
      ['task', `${attempt.task}, version ${attempt.taskVersion}`],
      ['lane', attempt.lane],
      ['asked', `${attempt.provider}/${attempt.model}`],
      ['answered by', answeredBy],
      ['state', attempt.state],
      [
        'served by',
        attempt.reusedAttemptId === null ? null : `attempt ${attempt.reusedAttemptId}, from store`,
      ],
      ['failure', attempt.failureCode],
      ['http status', attempt.httpStatus],
      ['finished', attempt.finishReason],
      ['verdict', attempt.verdict],
      ['codes', attempt.errorCodes?.join(', ') ?? null],
      ['tokens', `${attempt.promptTokens} in (${attempt.cachedTokens} cached), ${attempt.answerTokens} out`],
      ['cost', `${dollars(attempt.microUsd)}, ${dollars(attempt.reservedMicroUsd)} reserved`],
      ['took', latencyMs === null ? null : `${latencyMs} ms`],
      ['request id', requestId],
      ['request key', requestKey],
      ['prompt', promptDigest],
      ['schema', schemaDigest],
    ]),
    ...section('answer', attempt.answer?.split('\n') ?? []),
  ].join('\n')
}

export function describeRun(run: RunDossier): string {
  const { outcomes, codes, spend, files, unreadable } = run
  return [
    ...properties([
      ['run', `${run.runTag} (number ${run.runId})`],
      ['state', run.state],
      ['plan', run.planNo],
      ['task', run.task],
      ['decided', `${count(outcomes.ok)} ok, ${count(outcomes.quarantined)} in quarantine`],
      ['settings', JSON.stringify(run.settings)],
    ]),
    ...section(
      'asked',
      spend.map(
        (row) =>
          `${row.lane}  ${row.provider}/${row.model}  ${row.state}  ${plural(row.attempts, 'attempt')}, ${count(row.reused)} from store, ${dollars(row.microUsd)}`,
      ),
    ),
    ...section(
      'codes of its cases',
      codes.map(({ code, cases }) => `${code}  ${count(cases)}`),
    ),
    ...section('files', files),
    ...section(
      'could not be read',
      unreadable.map(({ shardNo, message }) => `shard ${shardNo}: ${message}`),
    ),
  ].join('\n')
}

export function describeShard(shard: ShardDossier): string {
  const { census } = shard
  return [
    ...properties([
      ['shard', shard.shardNo],
      ['file', shard.path],
      ['size', shard.bytes === null ? null : bytes(shard.bytes)],
      ['keys', `${shard.keyFirst} to ${shard.keyLast}`],
      ['plan', shard.planNo === null ? null : `${shard.planNo} of ${shard.lineage}`],
      ['epoch', shard.epoch],
      ['held by', shard.holder],
      ['trouble', shard.trouble],
      ['seeds', census && count(census.seeds)],
      ['to do', census && `${count(census.todo)}, ${count(census.sweep)} of them waiting for the sweep`],
      ['ok', census && count(census.ok)],
      ['quarantined', census && count(census.quarantined)],
      ['in flight', census && count(census.openAttempts)],
      ['spent', census && dollars(census.microUsd)],
    ]),
    ...section(
      'what went wrong',
      shard.errors.map(
        ({ code, lane, attempts, clusters }) =>
          `${code}  ${lane}  ${plural(attempts, 'attempt')}, ${plural(clusters, 'cluster')}`,
      ),
    ),
  ].join('\n')
}
