/** Every command, in the order in which `rff-shard --help` lists them. */
import { archiveCommand } from './archive.ts'
import { auditCommand } from './audit.ts'
import type { CommandSpec } from './command.ts'
import { ctlCommand } from './ctl.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { estimateCommand } from './estimate.ts'
import { evalCommand } from './eval.ts'
import { exportCommand } from './export.ts'
import { healthCommand } from './health.ts'
import { initCommand } from './init.ts'
import { inspectCommand } from './inspect.ts'
import { loopCommand } from './loop.ts'
import { mergeCommand } from './merge.ts'
import { planCommand } from './plan.ts'
import { quarantineCommand } from './quarantine.ts'
import { replayCommand } from './replay.ts'
import { runCommand } from './run.ts'
import { spendCommand } from './spend.ts'
import { stageCommand } from './stage.ts'
import { statusCommand } from './status.ts'

export const commands: readonly CommandSpec[] = [
  demoCommand,
  initCommand,
  planCommand,
  estimateCommand,
  runCommand,
  mergeCommand,
  stageCommand,
  statusCommand,
  ctlCommand,
  inspectCommand,
  quarantineCommand,
  replayCommand,
  spendCommand,
  auditCommand,
  healthCommand,
  evalCommand,
  exportCommand,
  loopCommand,
  archiveCommand,
  doctorCommand,
]
