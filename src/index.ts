/** The library: what the command line does, for programs. */
export { loadConfig } from './config/load.ts'
export { plan, type PlanOptions, type PlanSummary } from './control/plan/plan.ts'
export { run, type RunOptions, type RunSummary } from './control/run/run.ts'
export { openWorkspace, type Workspace } from './control/workspace.ts'
export type { Config } from '../schemas/config.ts'
export { FAILURES, type Failure, type FailureCode, type Outcome, RffError } from '../schemas/failure.ts'
