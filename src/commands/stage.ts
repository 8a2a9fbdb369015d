import { RffError } from '../../schemas/failure.ts'
import { STAGE_STEPS, type StageStep } from '../control/merge/build-field.ts'
import { mergePlaceOf } from '../control/merge/merge-place-of.ts'
import { mergeSettingsOf } from '../control/merge/merge-settings.ts'
import { MERGED, readPointer } from '../control/merge/pointers.ts'
import { stageAgain } from '../control/merge/stage-again.ts'
import { withLease } from '../control/with-lease.ts'
import { openWorkspace } from '../control/workspace.ts'
import { programVersion } from '../version.ts'
import type { CommandSpec } from './command.ts'
import { describeMerge, exitCodeOfSetAside } from './merge.ts'
import { printJson } from './print-json.ts'
import { text, texts } from './read-options.ts'
import { verbOf } from './verb.ts'

export const stageCommand: CommandSpec = {
  name: 'stage',
  verbs: STAGE_STEPS,
  summary: 'run one stage of a field and those after it again, with other settings',
  examples: [
    'stage score',
    'stage link --from 20260102_030405',
    'stage normalise --override-gate field_shrinks',
  ],
  configure: (command) =>
    command
      .argument('<name>', `${STAGE_STEPS.join(', ')}`)
      .option('--from <tag>', 'the field to begin from; the published one if not given')
      .option('--override-gate <name...>', 'publish though this gate fails; the manifest says so'),
  async run([name], options, context) {
    const step: StageStep = verbOf('stage', STAGE_STEPS, name)
    const config = context.loadConfig({})
    const workspace = openWorkspace(context.workspaceDir, 'use')
    const startedMs = performance.now()
    try {
      const from = text(options, 'from') ?? readPointer(workspace.currentDir, MERGED)
      if (from === null) throw new RffError('field_missing', 'no field is published yet')
      const { leaseMs } = config.run
      const { nowMs, signal } = context
      const summary = await withLease(workspace.control, 'merge', { leaseMs, nowMs, signal }, (lease) =>
        stageAgain(step, from, mergePlaceOf(workspace), mergeSettingsOf(config, programVersion()), {
          overrideGates: texts(options, 'overrideGate'),
          now: new Date(context.nowMs()),
          signal,
          onProgress: () => lease.expectHeld(),
        }),
      )
      if (context.wantsJson) printJson(context, 'stage', summary)
      else context.say(describeMerge(summary, performance.now() - startedMs))
      return exitCodeOfSetAside(summary)
    } finally {
      workspace.close()
    }
  },
}
