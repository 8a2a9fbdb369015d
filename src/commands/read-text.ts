import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { unreadable } from '../../schemas/as-failure.ts'

/**
 * @param path `-` for stdin
 * @throws RffError input_not_found, input_unreadable
 */
export async function readText(path: string): Promise<string> {
  if (path === '-') return text(process.stdin)
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw unreadable('the file', path, cause)
  }
}
