/** The second question: the first one again, the answer, and what was wrong with it. Asked once. */
import type { FailureCode } from '../../../schemas/failure.ts'
import type { Finding } from '../../../schemas/finding.ts'
import type { Message } from '../../../schemas/prompt.ts'

/** A model learns nothing from a longer list, and each line is paid for. */
const MOST_FINDINGS = 24
const LONGEST_MESSAGE_CHARS = 300

/** An answer far beyond any structure is noise; quoting it would cost more than the question. */
const LONGEST_QUOTED_ANSWER_CHARS = 40_000

/** There is nothing in these that a model could mend. */
const NOT_QUOTED: ReadonlySet<FailureCode> = new Set([
  'answer_truncated',
  'answer_empty',
  'answer_refused',
  'answer_filtered',
])

const SHORTER =
  'Your first answer was cut off because it was too long. Answer again, shorter: no text around the object, no line breaks inside it, a gloss of one short sentence, reasons of three words, only the relations that are needed to tie the kept facts together.'
const AGAIN = 'Your first answer could not be used. Answer again, with one JSON object and nothing else.'

/**
 * @param question the first one: system message, then the item
 * @returns a conversation in which the roles take turns and the facts stand in a user message
 */
export function repairMessages(
  question: readonly Message[],
  answerText: string,
  findings: readonly Finding[],
): readonly Message[] {
  const isQuotable =
    answerText.length <= LONGEST_QUOTED_ANSWER_CHARS && !findings.some(({ code }) => NOT_QUOTED.has(code))
  if (isQuotable) {
    return [
      ...question,
      { role: 'assistant', content: answerText },
      { role: 'user', content: complaint(findings) },
    ]
  }
  const isTooLong = findings.some(({ code }) => code === 'answer_truncated')
  return withPreface(question, isTooLong ? SHORTER : AGAIN)
}

/** Before the facts, which stay last. */
function withPreface(question: readonly Message[], preface: string): readonly Message[] {
  const item = question.length - 1
  return question.map((message, index) =>
    index === item ? { ...message, content: `${preface}\n\n${message.content}` } : message,
  )
}

function complaint(findings: readonly Finding[]): string {
  const shown = findings.slice(0, MOST_FINDINGS).map(lineOf)
  const left = findings.length - shown.length
  return [
    'Your answer breaks these rules:',
    '',
    ...shown,
    ...(left > 0 ? [`- and ${left} more of the kind`] : []),
    '',
    'Give the whole answer again with these faults mended and everything else as it was, as one JSON object and nothing else. The facts are the same.',
  ].join('\n')
}

function lineOf({ code, at, message }: Finding): string {
  const place = at === '' ? '' : ` at ${at}`
  const cut = message.length > LONGEST_MESSAGE_CHARS ? `${message.slice(0, LONGEST_MESSAGE_CHARS)}…` : message
  return `- ${code}${place}: ${cut}`
}
