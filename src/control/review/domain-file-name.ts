import { createHash } from 'node:crypto'

const MOST_CHARS = 120

/**
 * A file name for a domain: no path, no name that a system keeps for itself, and never one name for two domains, not
 * even where upper and lower case are the same to the file system.
 *
 * Letters, digits, `-`, `_` and inner dots stay; everything else is written as the %XX of its bytes. What that would
 * not tell apart, or would make too long, ends in `~` and a hash.
 *
 * @param domain any text, the empty one included
 */
export function domainFileName(domain: string, isAmbiguous: (name: string) => boolean): string {
  const bytes = [...new TextEncoder().encode(domain)]
  const name = bytes
    .map(escapeByte)
    .join('')
    .replace(SPECIAL_START, escapeLetter)
    .replace(/\.$/, escapeLetter)
  const isOwn = name !== '' && name.length <= MOST_CHARS && !isAmbiguous(name)
  return `${isOwn ? name : `${name.slice(0, MOST_CHARS)}~${hashOf(domain)}`}.jsonl`
}

const escapeByte = (byte: number): string => {
  const letter = String.fromCharCode(byte)
  return /[A-Za-z0-9_.-]/.test(letter) ? letter : escapeLetter(letter)
}

const escapeLetter = (letter: string): string =>
  `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** What hides a file, looks like a flag, or names a device to Windows. */
const SPECIAL_START = /^(?:[.-]|[cpanl](?=(?:on|rn|ux|ul|om\d|pt\d)(?:\.|$)))/i

const hashOf = (domain: string): string => createHash('sha256').update(domain).digest('hex').slice(0, 12)
