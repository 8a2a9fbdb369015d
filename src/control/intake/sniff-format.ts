/** What a file is by its first bytes; names can lie. */

export type Magic = 'gzip' | 'parquet' | 'sqlite' | 'utf16' | 'text'

/** As many bytes as `sniffFormat` looks at. */
export const SNIFFED_BYTES = 16

const starts = (bytes: Uint8Array, prefix: readonly number[]): boolean =>
  prefix.every((byte, at) => bytes[at] === byte)

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')]
const PARQUET = ascii('PAR1')
const SQLITE = ascii('SQLite format 3\0')

export function sniffFormat(bytes: Uint8Array): Magic {
  if (starts(bytes, [0x1f, 0x8b])) return 'gzip'
  if (starts(bytes, PARQUET)) return 'parquet'
  if (starts(bytes, SQLITE)) return 'sqlite'
  const isUtf16 = starts(bytes, [0xff, 0xfe]) || starts(bytes, [0xfe, 0xff]) || alternatesWithNul(bytes)
  return isUtf16 ? 'utf16' : 'text'
}

/** UTF-16 without its mark: JSON and CSV begin with ASCII, so every second byte is a NUL. */
function alternatesWithNul(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false
  const [first, second, third, fourth] = [...bytes.subarray(0, 4)].map((byte) => byte === 0)
  return first === third && second === fourth && first !== second
}
