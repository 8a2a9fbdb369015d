/**
 * What every command prints with --json, by its name, its verb and the options that make it print something else.
 *
 * Commands take only the types from here, so a data set that has another shape is not compiled, and nothing of this is
 * loaded when a command runs. test/commands/json.test.ts holds what is printed against it.
 */
import type { Inferred } from '../inferred.ts'
import { archiveOutputs } from './archive.ts'
import { auditOutputs } from './audit.ts'
import { completionOutputs } from './completion.ts'
import { ctlOutputs } from './ctl.ts'
import { demoOutputs } from './demo.ts'
import { doctorOutputs } from './doctor.ts'
import { embedOutputs } from './embed.ts'
import { estimateOutputs } from './estimate.ts'
import { evalOutputs } from './eval.ts'
import { exportOutputs } from './export.ts'
import { healthOutputs } from './health.ts'
import { initOutputs } from './init.ts'
import { inspectOutputs } from './inspect.ts'
import { loopOutputs } from './loop.ts'
import { mergeOutputs } from './merge.ts'
import { planOutputs } from './plan.ts'
import { quarantineOutputs } from './quarantine.ts'
import { replayOutputs } from './replay.ts'
import { runOutputs } from './run.ts'
import { searchOutputs } from './search.ts'
import { serveOutputs } from './serve.ts'
import { spendOutputs } from './spend.ts'
import { statusOutputs } from './status.ts'

export const OUTPUTS = {
  ...demoOutputs,
  ...initOutputs,
  ...planOutputs,
  ...estimateOutputs,
  ...runOutputs,
  ...mergeOutputs,
  ...statusOutputs,
  ...ctlOutputs,
  ...inspectOutputs,
  ...quarantineOutputs,
  ...replayOutputs,
  ...spendOutputs,
  ...auditOutputs,
  ...healthOutputs,
  ...evalOutputs,
  ...embedOutputs,
  ...searchOutputs,
  ...serveOutputs,
  ...exportOutputs,
  ...loopOutputs,
  ...archiveOutputs,
  ...doctorOutputs,
  ...completionOutputs,
}

export type OutputName = keyof typeof OUTPUTS

export type OutputOf<Name extends OutputName> = Inferred<(typeof OUTPUTS)[Name]['schema']>
