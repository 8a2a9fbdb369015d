/** Asks for the texts of a field that have no vector yet, many at a time, until all have one or something stops it. */
import type { EmbeddingBuild } from '../../../db/queries/embeddings.ts'
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import { type Cost, NO_COST, plus } from '../../../schemas/budget.ts'
import type { Failure } from '../../../schemas/failure.ts'
import type { SearchableField } from '../../field/search/open-search.ts'
import { askVectors, type Vectored, type Wanted } from './ask-vectors.ts'
import { dimensionsOf, type Embedder } from './embedder.ts'
import { type Flight, flights } from './flights.ts'
import { refusals } from './refusals.ts'
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
  const { config, store, modelNo, reference } = embedder
  const { buildId, caps } = build
  const halt = new AbortController()
  const stopping = AbortSignal.any([signal, halt.signal])
  const underWay = new Set<Promise<void>>()
  const air = flights()
  const refused = refusals(embedder, dimensionsOf(embedder) !== null)
  let [cost, embedded] = [NO_COST, 0]
  let stop: Failure | null = null

  const filled = (): Filled => {
    const { microUsd, tokens, calls: requests } = cost
    return { embedded, refused: refused.count, requests, tokens, microUsd, stop }
  }
  const end = (failure: Failure): void => {
    stop ??= failure
    halt.abort()
  }

  async function fill(group: readonly Wanted[]): Promise<void> {
    const flight: Flight = { isOn: false }
    const reserve = (worst: Cost) => () =>
      store.reserve({ modelNo, buildId, texts: group.length, worst, sentAtMs: nowMs() }, caps)
    const vectored = await askVectors(embedder, group, {
      reserve: (worst) => air.takeOff(flight, stopping, reserve(worst), () => Promise.race(underWay)),
      ...{ caps, retry: config.run, signal: stopping },
      deadlineMs: config.run.deadlineMs,
    })
    air.land(flight)
    take(group, vectored)
    onProgress(filled())
    if (vectored.kind === 'failed' && vectored.isOfTexts && group.length > 1)
      for (const half of halvesOf(group)) await fill(half)
  }

  function take(group: readonly Wanted[], vectored: Vectored): void {
    if (vectored.kind === 'stored') {
      cost = plus(cost, vectored.cost)
      embedded += group.length
      refused.answered()
      if (vectored.overbilled !== null) end(vectored.overbilled)
    } else if (vectored.kind === 'not_asked') {
      if (vectored.why === 'budget' && !stopping.aborted) end(budgetSpent(build, store))
    } else if (!vectored.isOfTexts) end(stopOf(vectored.failure, reference))
    else if (group.length === 1) {
      const { requestId, failure } = vectored
      const ofAll = refused.add({ requestId, failure, textDigest: group[0]!.textDigest })
      if (ofAll !== null) end(stopOf(ofAll, reference))
    }
  }

  for (const group of wantedGroups(field, kinds, embedder)) {
    if (stopping.aborted) break
    const going = fill(group).finally(() => underWay.delete(going))
    underWay.add(going)
    if (underWay.size >= config.run.inFlight) await Promise.race(underWay)
  }
  await Promise.all(underWay)
  const unexplained = refused.unexplained()
  if (signal.aborted) stop ??= { code: 'interrupted', message: 'stopped; what was paid for is kept' }
  if (unexplained !== null) stop ??= stopOf(unexplained, reference)
  return filled()
}

const halvesOf = (group: readonly Wanted[]): readonly (readonly Wanted[])[] => {
  const middle = Math.ceil(group.length / 2)
  return [group.slice(0, middle), group.slice(middle)]
}

function budgetSpent({ buildId, caps }: EmbeddingBuild, store: Embedder['store']): Failure {
  const booked = store.bookedOfBuild(buildId)
  const message = `the caps ${JSON.stringify(caps)} have no room for another request: ${JSON.stringify(booked)} is booked`
  return { code: 'budget_spent', message }
}

/** What only a person can mend ends it under the code that says so; a length that differs has its own. */
function stopOf({ code, message }: Failure, reference: string): Failure {
  if (code === 'embedding_dimensions_differ' || code === 'systemic_failure') return { code, message }
  return { code: 'systemic_failure', message: `${reference}: ${code}: ${message}` }
}
