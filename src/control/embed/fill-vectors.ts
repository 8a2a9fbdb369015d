/** Asks for the texts of a field that have no vector yet, many at a time, until all have one or something stops it. */
import type { EmbeddingBuild } from '../../../db/queries/embedding-builds.ts'
import type { SearchKind } from '../../../db/queries/search-reading.ts'
import { type Cost, NO_COST, plus } from '../../../schemas/budget.ts'
import type { Failure } from '../../../schemas/failure.ts'
import type { DocumentPages } from '../../field/search/build-vector-index.ts'
import { digestOfText } from '../../field/search/embedding-text.ts'
import type { WindowGate } from '../../runner/window-gate.ts'
import { askVectors, type Departure, type NoRoom, type Vectored } from './ask-vectors.ts'
import type { Wanted } from './book-vectors.ts'
import type { Embedder } from './embedder.ts'
import { flights } from './flights.ts'
import { refusals } from './refusals.ts'
import { nameOf, wantedGroups } from './wanted-texts.ts'

export interface Filled extends Omit<Cost, 'calls'> {
  /** Texts that have a vector now. */
  readonly embedded: number
  /** Texts that the model refused. */
  readonly refused: number
  readonly requests: number
  /** Why it stopped before its end. */
  readonly stop: Failure | null
}

export interface FillOptions {
  readonly kinds: readonly SearchKind[]
  /** null where no usage window is set. */
  readonly window: WindowGate | null
  readonly signal: AbortSignal
  /** @throws RffError where somebody else fills by now */
  expectHeld(): void
  onProgress(filled: Filled): void
}

type Refused = Extract<Vectored, { kind: 'failed' }>

export async function fillVectors(
  field: DocumentPages,
  embedder: Embedder,
  build: EmbeddingBuild,
  { kinds, window, signal, expectHeld, onProgress }: FillOptions,
  nowMs: () => number,
): Promise<Filled> {
  const { config, store, modelNo, reference } = embedder
  const { buildId, caps } = build
  const halt = new AbortController()
  const stopping = AbortSignal.any([signal, halt.signal])
  const begun = new Set<string>()
  const underWay = new Set<Promise<void>>()
  const air = flights()
  const refused = refusals(embedder)
  let [cost, embedded] = [NO_COST, 0]
  let stop: Failure | null = null
  let broken: { readonly cause: unknown } | null = null

  const filled = (): Filled => {
    const { microUsd, tokens, calls: requests } = cost
    return { embedded, refused: refused.count, requests, tokens, microUsd, stop }
  }
  const end = (failure: Failure): void => {
    stop ??= failure
    halt.abort()
  }

  function ask(group: readonly Wanted[]): Promise<Vectored> {
    const reserve = (worst: Cost) => (): number | null => {
      expectHeld()
      return store.reserve({ modelNo, buildId, texts: group.length, worst, sentAtMs: nowMs() }, caps)
    }
    return askVectors(embedder, group, {
      depart: (worst) => departure(worst, reserve(worst)),
      ...{ caps, retry: config.run, signal: stopping },
      deadline: () => AbortSignal.timeout(config.run.deadlineMs),
    })
  }

  /** Room in the usage window, then in the budget: what the one gave goes back where the other has none. */
  async function departure(worst: Cost, reserve: () => number | null): Promise<Departure | NoRoom> {
    const pass = await window?.enter(worst.tokens, stopping)
    if (pass === null) return 'window'
    let requestId: number | null = null
    try {
      requestId = await air.takeOff(stopping, reserve)
    } finally {
      if (requestId === null) pass?.cancel()
      else pass?.committed()
    }
    if (requestId === null) return 'budget'
    const booked = requestId
    return {
      requestId,
      landed() {
        pass?.settle(store.bookedTokensOf(booked))
        air.land()
      },
    }
  }

  /** @returns what the texts themselves may be at fault for */
  function take(vectored: Vectored): Refused | null {
    if (vectored.kind === 'stored') {
      cost = plus(cost, vectored.cost)
      refused.answered(vectored.requestId)
      if (vectored.overbilled !== null) end(vectored.overbilled)
    } else if (vectored.kind === 'not_asked') {
      if (vectored.why === 'budget') end(budgetSpent(build, store))
      else if (vectored.why === 'window') end(windowExhausted(window!))
    } else if (vectored.isOfTexts) return vectored
    else end(stopOf(vectored.failure, reference))
    return null
  }

  async function fill(group: readonly Wanted[]): Promise<void> {
    const vectored = await ask(group)
    const refusal = take(vectored)
    if (vectored.kind === 'stored') {
      embedded += group.length
      for (const wanted of group) begun.delete(nameOf(wanted))
    }
    onProgress(filled())
    if (refusal === null) return
    if (group.length > 1) for (const half of halvesOf(group)) await fill(half)
    else if (refused.add({ ...refusal, textDigest: group[0]!.textDigest })) await explainRefusals()
  }

  /** By a word that every model takes: whoever refuses it too is not choosing between texts. */
  async function explainRefusals(): Promise<void> {
    const refusal = take(await ask([wordOf(embedder)]))
    if (refusal !== null) end(stopOf(refusal.failure, reference))
  }

  async function fillAll(): Promise<void> {
    for await (const group of wantedGroups(field, kinds, embedder, begun)) {
      if (stopping.aborted) return
      const going = fill(group)
        .catch(breakOff)
        .finally(() => underWay.delete(going))
      underWay.add(going)
      if (underWay.size >= config.run.inFlight) await Promise.race(underWay)
    }
  }

  /** What the others have paid for is kept before anybody hears of it. */
  function breakOff(cause: unknown): void {
    broken ??= { cause }
    halt.abort()
  }

  await fillAll().catch(breakOff)
  await Promise.all(underWay)
  rethrow(broken)
  if (refused.areUnexplained && !stopping.aborted) await explainRefusals()
  if (signal.aborted) stop ??= { code: 'interrupted', message: 'stopped; what was paid for is kept' }
  return filled()
}

function rethrow(broken: { readonly cause: unknown } | null): void {
  if (broken !== null) throw broken.cause
}

function wordOf({ config, meter }: Embedder): Wanted {
  const text = `${config.embeddings.textPrefix}water`
  return { text, textDigest: digestOfText(text), tokens: meter.tokensOf(text) }
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

const windowExhausted = (window: WindowGate): Failure => ({
  code: 'window_exhausted',
  message: `what may be used of this window is used; the next one opens at ${new Date(window.endsAtMs()).toISOString()}`,
})

/** What only a person can mend ends it under the code that says so; a length that differs has its own. */
function stopOf({ code, message }: Failure, reference: string): Failure {
  if (code === 'embedding_dimensions_differ' || code === 'systemic_failure') return { code, message }
  return { code: 'systemic_failure', message: `${reference}: ${code}: ${message}` }
}
