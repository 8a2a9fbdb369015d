/** Every command, in the order in which `rff-shard --help` lists them. */
import type { CommandSpec } from './command.ts'

/** A command's modules are loaded when it is called: all of them take longer to load than most commands to run. */
const LOADERS: Readonly<Record<string, () => Promise<CommandSpec>>> = {
  demo: async () => (await import('./demo.ts')).demoCommand,
  init: async () => (await import('./init.ts')).initCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  estimate: async () => (await import('./estimate.ts')).estimateCommand,
  run: async () => (await import('./run.ts')).runCommand,
  merge: async () => (await import('./merge.ts')).mergeCommand,
  stage: async () => (await import('./stage.ts')).stageCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  ctl: async () => (await import('./ctl.ts')).ctlCommand,
  inspect: async () => (await import('./inspect.ts')).inspectCommand,
  quarantine: async () => (await import('./quarantine.ts')).quarantineCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
  spend: async () => (await import('./spend.ts')).spendCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  health: async () => (await import('./health.ts')).healthCommand,
  eval: async () => (await import('./eval.ts')).evalCommand,
  embed: async () => (await import('./embed.ts')).embedCommand,
  search: async () => (await import('./search.ts')).searchCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  loop: async () => (await import('./loop.ts')).loopCommand,
  archive: async () => (await import('./archive.ts')).archiveCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  completion: async () => (await import('./completion.ts')).completionCommand(() => loadCommands()),
}

export const commandNames: readonly string[] = Object.keys(LOADERS)

/** @param names all if not given */
export const loadCommands = (names: readonly string[] = commandNames): Promise<CommandSpec[]> =>
  Promise.all(names.map((name) => LOADERS[name]!()))
