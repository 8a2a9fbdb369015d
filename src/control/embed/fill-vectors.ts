/** Asks for the texts of a field that have no vector yet, many at a time, until all have one or something stops it. */
import type { EmbeddingBuild } from '../../../db/queries/embeddings.ts'
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import { type Cost, NO_COST, plus } from '../../../schemas/budget.ts'
import type { Failure } from '../../../schemas/failure.ts'
import type { SearchableField } from '../../field/search/open-search.ts'
import { askVectors, type Vectored, type Wanted } from './ask-vectors.ts'
import type { Embedder } from './embedder.ts'
import { wantedGroups } from './wanted-texts.ts'

export interface Filled extends Omit<Cost, 'calls'> {
  /** Texts that have a vector now. */
  readonly embedded: number
  /** Texts that the model refused. */
  readonly refused: number
  readonly requests: number
  /** Why it stopped before its end. */
  readonly stop: Failure | null
}

interface FillOptions {
  readonly kinds: readonly SearchKind[]
  readonly signal: AbortSignal
  onProgress(filled: Filled): void
}

export async function fillVectors(
  field: SearchableField,
  embedder: Embedder,
  build: EmbeddingBuild,
  { kinds, signal, onProgress }: FillOptions,
  nowMs: () => number,
): Promise<Filled> {
  const { config, store, modelNo } = embedder
  const halt = new AbortController()
  const stopping = AbortSignal.any([signal, halt.signal])
  const underWay = new Set<Promise<void>>()
  let [cost, embedded, refused, inFlight] = [NO_COST, 0, 0, 0]
  let stop: Failure | null = null

  const filled = (): Filled => {
    const { microUsd, tokens, calls: requests } = cost
    return { embedded, refused, requests, tokens, microUsd, stop }
  }
  const end = (failure: Failure): void => {
    stop ??= failure
    halt.abort()
  }

  /** Waits for what is in flight to settle below its worst case, as long as something is. */
  async function reserve(flight: { isOn: boolean }, texts: number, worst: Cost): Promise<number | null> {
    land(flight) // a request that goes again is not on its way now
    const { buildId, caps } = build
    while (!stopping.aborted) {
      const requestId = store.reserve({ modelNo, buildId, texts, worst, sentAtMs: nowMs() }, caps)
      if (requestId !== null) {
        flight.isOn = true
        inFlight += 1
        return requestId
      }
      if (inFlight === 0) return null
      await Promise.race(underWay)
    }
    return null
  }

  function land(flight: { isOn: boolean }): void {
    if (flight.isOn) inFlight -= 1
    flight.isOn = false
  }

  async function fill(group: readonly Wanted[]): Promise<void> {
    const flight = { isOn: false }
    const vectored = await askVectors(embedder, group, {
      reserve: (worst) => reserve(flight, group.length, worst),
      deadlineMs: config.run.deadlineMs,
      retry: config.run,
      signal: stopping,
    })
    land(flight)
    take(group, vectored)
    onProgress(filled())
    if (vectored.kind === 'failed' && vectored.isOfTexts && group.length > 1)
      for (const half of halvesOf(group)) await fill(half)
  }

  function take(group: readonly Wanted[], vectored: Vectored): void {
    if (vectored.kind === 'stored') {
      cost = plus(cost, vectored.cost)
      embedded += group.length
    } else if (vectored.kind === 'not_asked') {
      if (vectored.why === 'budget' && !stopping.aborted)
        end({ code: 'budget_spent', message: spentMessage(build, store) })
    } else if (!vectored.isOfTexts) end(stopOf(vectored.failure, embedder.reference))
    else if (group.length === 1) {
      const { code, message } = vectored.failure
      store.refuse({ requestId: vectored.requestId, textDigest: group[0]!.textDigest, code, message })
      refused += 1
    }
  }

  for (const group of wantedGroups(field, kinds, embedder)) {
    if (stopping.aborted) break
    const going = fill(group).finally(() => underWay.delete(going))
    underWay.add(going)
    if (underWay.size >= config.run.inFlight) await Promise.race(underWay)
  }
  await Promise.all(underWay)
  if (signal.aborted) stop ??= { code: 'interrupted', message: 'stopped; what was paid for is kept' }
  return filled()
}

const halvesOf = (group: readonly Wanted[]): readonly (readonly Wanted[])[] => {
  const middle = Math.ceil(group.length / 2)
  return [group.slice(0, middle), group.slice(middle)]
}

function spentMessage({ buildId, caps }: EmbeddingBuild, store: Embedder['store']): string {
  const booked = store.bookedOfBuild(buildId)
  return `the caps ${JSON.stringify(caps)} have no room for another request: ${JSON.stringify(booked)} is booked`
}

/** What only a person can mend ends it under the code that says so; a length that differs has its own. */
function stopOf({ code, message }: Failure, reference: string): Failure {
  if (code === 'embedding_dimensions_differ' || code === 'systemic_failure') return { code, message }
  return { code: 'systemic_failure', message: `${reference}: ${code}: ${message}` }
}
