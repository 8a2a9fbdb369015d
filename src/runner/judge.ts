/**
 * What an answer is worth: recover → parse → validate → salvage → validate. Pure, and the same for every task, so
 * stored answers can be judged again for nothing when a validator gets better.
 */
import type * as z from 'zod'
import type { FailureCode } from '../../schemas/failure.ts'
import type { Finding } from '../../schemas/finding.ts'
import type { Answer as ModelAnswer } from '../../schemas/prompt.ts'
import type { ModelTask } from '../../schemas/task.ts'
import { recoverJson } from '../llm/recover/recover-json.ts'

export type Judgement<Answer> = Accepted<Answer> | Rejected

export interface Accepted<Answer> {
  readonly verdict: 'ok' | 'salvaged'
  readonly answer: Answer
  /** What salvage acted on, ascending; empty where the verdict is ok. */
  readonly salvaged: readonly FailureCode[]
  /** What was wrong before salvage. */
  readonly findings: readonly Finding[]
}

export interface Rejected {
  readonly verdict: 'bad'
  /** Never empty. What was wrong with the answer as it was given, then what salvage could not keep from appearing. */
  readonly findings: readonly Finding[]
}

/** More than these of one schema fault tell nobody anything new. */
const MOST_SCHEMA_FINDINGS = 20

export function judge<Item, Answer>(
  task: ModelTask<Item, Answer>,
  item: Item,
  answer: Pick<ModelAnswer, 'text' | 'finishReason'>,
): Judgement<Answer> {
  const cut = cutShort(answer)
  if (cut !== undefined) return rejected(cut)
  const recovered = recoverJson(answer.text)
  if (!recovered.ok) return rejected(wholeAnswer(recovered.failure.code, recovered.failure.message))
  const parsed = task.parser.safeParse(recovered.value)
  if (!parsed.success) return { verdict: 'bad', findings: schemaFindings(parsed.error) }
  return weigh(task, item, parsed.data)
}

/** A truncated answer is not recovered: what is missing cannot be told from what was left out on purpose. */
function cutShort({ text, finishReason }: Pick<ModelAnswer, 'text' | 'finishReason'>): Finding | undefined {
  if (finishReason === 'content_filter')
    return wholeAnswer('answer_filtered', 'the provider filtered the answer')
  if (finishReason === 'refusal') return wholeAnswer('answer_refused', 'the model declined to answer')
  if (finishReason === 'length') return wholeAnswer('answer_truncated', 'the answer hit its length limit')
  return text.trim() === '' ? wholeAnswer('answer_empty', 'the answer has no text') : undefined
}

function weigh<Item, Answer>(task: ModelTask<Item, Answer>, item: Item, given: Answer): Judgement<Answer> {
  const findings = task.validate(given, item)
  if (findings.length === 0) return { verdict: 'ok', answer: given, salvaged: [], findings }
  const { answer, codes } = task.salvage(given, item, findings)
  const left = task.validate(answer, item)
  if (left.length === 0) return { verdict: 'salvaged', answer, salvaged: codes, findings }
  return { verdict: 'bad', findings: [...findings, ...newIn(left, findings)] }
}

/** A path into the salvaged answer would mislead: nobody has seen that one. */
function newIn(left: readonly Finding[], before: readonly Finding[]): Finding[] {
  const known = new Set(before.map(({ code }) => code))
  return left
    .filter(({ code }) => !known.has(code))
    .map(({ message, ...found }) => ({ ...found, at: '', message: `after corrections: ${message}` }))
}

const wholeAnswer = (code: FailureCode, message: string): Finding => ({ code, at: '', message })

const rejected = (finding: Finding): Rejected => ({ verdict: 'bad', findings: [finding] })

const schemaFindings = (error: z.ZodError): Finding[] =>
  error.issues
    .slice(0, MOST_SCHEMA_FINDINGS)
    .map(({ path, message }) => ({ code: 'schema_invalid', at: pathText(path), message }))

/** `relations[2].dst_i` */
const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('')
