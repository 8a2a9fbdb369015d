/** A file of keys that nobody else may read, for those who do not want them in the environment of a shell. */
import { readFileSync, statSync } from 'node:fs'
import { RffError } from '../../schemas/failure.ts'

/** Bits that let the group or everybody read, write or run it. */
const FOR_OTHERS = 0o077
const LINE = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/u

/**
 * Lines of `NAME=value`, as a shell reads them: `export` before, quotes around and comments are allowed.
 *
 * @throws RffError input_not_found, config_invalid (others may read it, or a line says nothing; its text is not told)
 */
export function readKeysFile(path: string): Record<string, string> {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode
  if (mode === undefined) throw new RffError('input_not_found', `RFF_KEYS_FILE: there is no file at ${path}`)
  if ((mode & FOR_OTHERS) !== 0) {
    const found = (mode & 0o777).toString(8).padStart(4, '0')
    throw new RffError(
      'config_invalid',
      `RFF_KEYS_FILE: ${path} has mode ${found}, so others may use its keys; expected 0600: chmod 600 ${path}`,
    )
  }
  const keys: Record<string, string> = {}
  for (const [at, line] of readFileSync(path, 'utf8').split(/\r?\n/u).entries()) {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) continue
    const [, name, value] = LINE.exec(text) ?? []
    if (name === undefined || value === undefined) {
      throw new RffError('config_invalid', `RFF_KEYS_FILE: line ${at + 1} of ${path} is not NAME=value`)
    }
    keys[name] = unquoted(value)
  }
  return keys
}

const unquoted = (value: string): string => /^(["'])(.*)\1$/u.exec(value)?.[2] ?? value
