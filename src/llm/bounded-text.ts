/** No answer is nearly as long; one without end would fill the memory long before the deadline (0177). */
export const MOST_BODY_BYTES = 16 * 2 ** 20

/** @throws Error where it is longer than MOST_BODY_BYTES */
export async function boundedText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MOST_BODY_BYTES) throw tooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export const tooLong = (): Error => new Error(`the body is longer than ${MOST_BODY_BYTES} bytes`)
