import { readFileSync } from 'node:fs'
import { unreadable } from '../../schemas/as-failure.ts'

/**
 * @returns the text of a prompt of one's own; null for the built-in one
 * @throws RffError input_not_found, input_unreadable
 */
export function readPrompt(path: string | undefined): string | null {
  if (path === undefined) return null
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw unreadable('the prompt', path, cause)
  }
}
