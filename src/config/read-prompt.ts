import { readFileSync } from 'node:fs'
import { RffError } from '../../schemas/failure.ts'

/**
 * @returns the text of a prompt of one's own; null for the built-in one
 * @throws RffError input_not_found
 */
export function readPrompt(path: string | undefined): string | null {
  if (path === undefined) return null
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new RffError('input_not_found', `the prompt ${path} cannot be read`, { cause })
  }
}
