import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { RffError } from '../../schemas/failure.ts'

/**
 * @param path `-` for stdin
 * @throws RffError input_not_found
 */
export async function readText(path: string): Promise<string> {
  if (path === '-') return text(process.stdin)
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new RffError('input_not_found', `${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}
