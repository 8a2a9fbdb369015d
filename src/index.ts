/** The library: what the command line does, for programs. See docs/library.md. */

export { FAILURES, type Failure, type FailureCode, type Outcome, RffError } from '../schemas/failure.ts'
export type { ConceptHit, FactHit, SearchResult } from '../schemas/search.ts'
export type { EmbedSummary } from './control/embed/embed.ts'
export type { MergeSummary } from './control/merge/raise-field.ts'
export type { PlanSummary } from './control/plan/plan.ts'
export type { PlanProgress } from './control/plan/plan-options.ts'
export type { RunProgress } from './control/run/run-options.ts'
export type { RunSummary } from './control/run/run-summary.ts'
export type { Evaluation } from './field/eval/evaluate-field.ts'
export type {
  ExportedConcept,
  ExportedEdge,
  ExportedFact,
  ExportedFactRelation,
} from './field/export/exported-rows.ts'
export { type EmbedProgress, type EmbedRequest, embed } from './library/embed.ts'
export { type EvaluateRequest, evaluate } from './library/evaluate.ts'
export { openField, type PublishedField } from './library/field.ts'
export type { Job } from './library/job.ts'
export { type MergeProgress, type MergeRequest, merge } from './library/merge.ts'
export { type PlanRequest, plan } from './library/plan.ts'
export { type RunRequest, run } from './library/run.ts'
export { type SearchQuery, search } from './library/search.ts'
