/** The library: what the command line does, for programs. */

export type { Config } from '../schemas/config.ts'
export { FAILURES, type Failure, type FailureCode, type Outcome, RffError } from '../schemas/failure.ts'
export { loadConfig } from './config/load.ts'
export { type PlanSummary, plan } from './control/plan/plan.ts'
export type { PlanOptions } from './control/plan/plan-options.ts'
export { run } from './control/run/run.ts'
export type { RunOptions } from './control/run/run-options.ts'
export type { RunSummary } from './control/run/run-summary.ts'
export { openWorkspace, type Workspace } from './control/workspace.ts'
