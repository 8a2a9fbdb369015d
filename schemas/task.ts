/** What it means to be a model task: what to ask about an item, and how to judge what came back. */

import type * as z from 'zod'
import type { Finding } from './finding.ts'
import type { AnswerSchema, Message } from './prompt.ts'

/**
 * A way of asking a model about an item. Lanes, limits, budgets, attempts, answers, quarantine and replay know
 * nothing else about it. Every function is pure.
 */
export interface ModelTask<Item, Answer> {
  readonly name: string
  /** Raise it when the same answer may be judged otherwise: `replay` then knows what to judge again. */
  readonly version: number
  readonly answerSchema: AnswerSchema
  readonly parser: z.ZodType<Answer>
  /** SHA-256 of the prompt's text; it stands on every attempt. */
  readonly promptDigest: string
  /** The first question; rules and schema first, the item last, so that providers can cache the equal prefix. */
  ask(item: Item): readonly Message[]
  /** The second question: quotes what was wrong to the model, once. */
  repair(item: Item, answerText: string, findings: readonly Finding[]): readonly Message[]
  validate(answer: Answer, item: Item): readonly Finding[]
  /** Deterministic corrections for the findings that allow one; returns the codes it acted on. */
  salvage(answer: Answer, item: Item, findings: readonly Finding[]): Salvaged<Answer>
}

export interface Salvaged<Answer> {
  readonly answer: Answer
  /** Ascending, each code once. */
  readonly codes: readonly Finding['code'][]
}
