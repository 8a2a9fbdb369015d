import type { AnswerSchema } from '../../schemas/prompt.ts'

/** What a model is told where nothing else holds its answer to the schema. */
export const schemaDemand = ({ json }: AnswerSchema): string =>
  `Answer with one JSON object and nothing else. It must be valid against this JSON Schema:\n${JSON.stringify(json)}`
