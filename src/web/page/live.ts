/** The overview as the server streams it, for every part of the page that shows how the work stands. */
import type { Overview } from '../../../schemas/page/overview.ts'
import { authorization } from './api.ts'

type Watcher = (overview: Overview) => void

const AGAIN_AFTER_MS = 2_000

export interface Live {
  latest(): Overview | null
  /** Told at once where something is known. @returns what ends it */
  watch(watcher: Watcher): () => void
}

/** @param onState is told whether the server is heard, and whether it wants another token */
export function followOverview(onState: (state: 'heard' | 'lost' | 'closed') => void): Live {
  const watchers = new Set<Watcher>()
  let latest: Overview | null = null
  const take = (overview: Overview): void => {
    latest = overview
    for (const watcher of watchers) watcher(overview)
  }
  void listen(take, onState)
  return {
    latest: () => latest,
    watch(watcher) {
      watchers.add(watcher)
      if (latest !== null) watcher(latest)
      return () => void watchers.delete(watcher)
    },
  }
}

/** EventSource cannot send a token, so the stream is read by hand. */
async function listen(
  take: (overview: Overview) => void,
  onState: (state: 'heard' | 'lost' | 'closed') => void,
): Promise<void> {
  for (;;) {
    try {
      const response = await fetch('/api/events', { headers: authorization() })
      if (response.status === 401) return onState('closed')
      if (response.ok && response.body !== null) {
        onState('heard')
        for await (const data of eventsOf(response.body)) take(JSON.parse(data) as Overview)
      }
    } catch {
      // The server ended, or the machine slept: it is asked again below.
    }
    onState('lost')
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS))
  }
}

/** The data of each event called overview. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    text += decoder.decode(value, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split('\n')
      if (!lines.includes('event: overview')) continue
      const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6))
      yield data.join('\n')
    }
  }
}
