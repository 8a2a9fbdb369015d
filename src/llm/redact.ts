const LOOKS_LIKE_A_KEY = /\b(?:sk|pk|key|gsk|or)-[A-Za-z0-9_*.-]{8,}|\bBearer\s+[A-Za-z0-9_.~+/=-]{8,}/gu

/**
 * Takes keys out of text that came from a provider or a program: some of them quote the key that they refuse.
 *
 * @param keys the keys that are known to be in use, which need not look like one
 */
export function redact(text: string, keys: readonly string[]): string {
  const bare = keys
    .filter((key) => key !== '')
    .reduce((rest, key) => rest.replaceAll(key, '[redacted]'), text)
  return bare.replace(LOOKS_LIKE_A_KEY, '[redacted]')
}
