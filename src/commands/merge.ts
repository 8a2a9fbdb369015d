import { MERGE_STEPS, type MergeStep } from '../control/merge/merge-place.ts'
import { mergeWorkspace } from '../control/merge/merge-workspace.ts'
import type { MergeSummary } from '../control/merge/raise-field.ts'
import { openWorkspace } from '../control/workspace.ts'
import { count, plural } from '../language/counted.ts'
import { oneLine } from '../language/printable.ts'
import type { CommandContext, CommandSpec } from './command.ts'
import { describeProfile } from './describe-profile.ts'
import { exitCodeOf } from './exit-code.ts'
import { millis } from './format.ts'
import { printJson } from './print-json.ts'
import { type ProgressLine, progressLine } from './progress.ts'
import { isSet, texts } from './read-options.ts'

export const mergeCommand: CommandSpec = {
  name: 'merge',
  summary: 'merge what the shards hold into one field, and publish it if it is healthy',
  examples: ['merge', 'merge --override-gate ok_rate', 'merge --allow-partial'],
  configure: (command) =>
    command
      .option('--override-gate <name...>', 'publish though this gate fails; the manifest says so')
      .option('--allow-partial', 'go on without shards that are missing or damaged')
      .option('--profile', 'say where the time went, and leave it in profile.json of the field'),
  async run(_args, options, context) {
    const config = context.loadConfig({})
    const workspace = openWorkspace(context.workspaceDir, 'use')
    const startedMs = performance.now()
    const overrideGates = texts(options, 'overrideGate')
    const line = progressLine(context, STEP_WORTH_TELLING_MS)
    try {
      const summary = await mergeWorkspace(
        workspace,
        config,
        {
          overrideGates,
          allowPartial: isSet(options, 'allowPartial'),
          isProfiled: isSet(options, 'profile'),
          signal: context.signal,
          onProgress: (step) => tellStep(context, line, step),
          onGates: (gates) => {
            for (const { name, severity, passed } of gates)
              context.emit({
                event: 'gate',
                name,
                severity,
                passed,
                overridden: overrideGates.includes(name),
              })
          },
        },
        context.nowMs,
      ).finally(() => line.end())
      const exitCode = exitCodeOfSetAside(summary)
      context.emit({ event: 'done', command: 'merge', exit_code: exitCode })
      if (context.wantsJson) printJson(context, 'merge', summary)
      else context.say(describeMerge(summary, performance.now() - startedMs))
      return exitCode
    } finally {
      workspace.close()
    }
  },
}

/** Steps of a small field are over before they could be read. */
const STEP_WORTH_TELLING_MS = 1_000

function tellStep(context: CommandContext, line: ProgressLine, step: MergeStep): void {
  const [done, total] = [MERGE_STEPS.indexOf(step), MERGE_STEPS.length]
  line.show(
    () => `merging, step ${done + 1} of ${total}: ${step}`,
    () => context.emit({ event: 'step', step, done, total }),
  )
}

/** The field is published, and yet somebody has to see to the shards that are not in it. */
export const exitCodeOfSetAside = ({ manifest }: MergeSummary): number =>
  manifest.set_aside.length === 0 ? 0 : exitCodeOf('shard_damaged')

const MESSAGE_CHARS = 300

const SET_ASIDE_NEXT =
  'next: put a copy of these files back and merge again; rff-shard audit --deep says what is hit'

export function describeMerge(summary: MergeSummary, tookMs: number): string {
  const { outcome, fieldTag, manifest, health, profile } = summary
  const { counts, complete, gates, field_digest: digest } = manifest
  const lines = [
    outcome === 'unchanged'
      ? `field ${fieldTag} is what these shards give already; nothing was written`
      : `field ${fieldTag} published in ${millis(tookMs)}${complete ? '' : ', not complete: there is work left'}`,
    `  concepts  ${count(counts.concepts)} with ${plural(counts.members, 'member')} and ${plural(counts.aliases, 'name')}`,
    `  edges     ${count(counts.edges)} between concepts, ${count(counts.fact_edges)} between facts`,
  ]
  for (const { shard_no, code, message } of manifest.set_aside)
    lines.push(`  left out  shard ${shard_no}: ${code}: ${oneLine(message, MESSAGE_CHARS)}`)
  if (health !== null) {
    const { scored, kept, flagged } = health.field.links
    lines.push(`  links     ${count(kept)} kept of ${count(scored)}, ${count(flagged)} flagged`)
  }
  const failed = gates.filter(({ passed }) => passed === false)
  for (const { name, severity } of failed)
    lines.push(`  gate      ${name} failed (${severity}); see rff-shard health`)
  lines.push(`  digest    ${digest}`)
  if (manifest.set_aside.length > 0) lines.push(SET_ASIDE_NEXT)
  if (profile !== null) lines.push('', describeProfile(profile))
  return lines.join('\n')
}
