/** Every command, in the order in which `rff-shard --help` lists them. */
import type { CommandSpec } from './command.ts'
import { planCommand } from './plan.ts'
import { runCommand } from './run.ts'

export const commands: readonly CommandSpec[] = [planCommand, runCommand]
