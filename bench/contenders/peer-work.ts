/** What every queue of other people is given to do: items of 300 bytes, answers of 500. */
export interface PeerInput {
  /** Of the server, or a path for a file. */
  readonly address: string
  readonly items: number
  /** As many are under way together. */
  readonly batchSize: number
}

export const peerAnswer = { answer: 'x'.repeat(500) }

/** In batches, for a peer that can take many at once. */
export function* peerItems(items: number, batchSize: number): Generator<{ readonly text: string }[]> {
  for (let from = 0; from < items; from += batchSize) {
    yield Array.from({ length: Math.min(batchSize, items - from) }, (_, at) => ({
      text: `What ${from + at} says. `.padEnd(300, 'It goes on. '),
    }))
  }
}
