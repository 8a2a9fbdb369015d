/**
 * Keeps a process within a usage window: what the provider counts per so many hours, and a run must not use up.
 *
 * All threads take from one allowance in shared memory. The host fills it from what the shards' rows say is used, anew for
 * each window and whenever it runs out; so the count survives restarts and sees what other processes use.
 */
import { setTimeout as sleep } from 'node:timers/promises'

/** 64-bit words. */
const WORDS = {
  /** Tokens that may still be reserved until the host is asked again. */
  left: 0,
  /** Tokens whose reservation is not in the rows yet, so that the host does not miss them. */
  uncommitted: 1,
  /** When the window that the allowance belongs to is over; 0: none was opened yet. */
  endsAtMs: 2,
  /** Requests of this process that have a pass and are not settled. */
  underWay: 3,
} as const

export const newWindowMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer(Object.keys(WORDS).length * BigInt64Array.BYTES_PER_ELEMENT)

/** The host's side. */
export interface Allowance {
  uncommittedTokens(): number
  set(leftTokens: number, endsAtMs: number): void
}

export function allowanceIn(memory: SharedArrayBuffer): Allowance {
  const words = new BigInt64Array(memory)
  return {
    uncommittedTokens: () => Number(Atomics.load(words, WORDS.uncommitted)),
    set(leftTokens, endsAtMs) {
      Atomics.store(words, WORDS.left, BigInt(leftTokens))
      Atomics.store(words, WORDS.endsAtMs, BigInt(endsAtMs))
    },
  }
}

/** Leave to use so many tokens. Exactly one of `settle` and `cancel` must follow. */
export interface WindowPass {
  /** The reservation is in the rows. */
  committed(): void
  settle(actualTokens: number): void
  /** Nothing left. */
  cancel(): void
}

export interface WindowGate {
  /**
   * Where there is no room it waits for what is under way, which seldom needs what was reserved for it.
   *
   * @param signal ends the waiting
   * @returns null where the window has no room for it
   */
  enter(tokens: number, signal: AbortSignal): Promise<WindowPass | null>
  endsAtMs(): number
}

const LOOK_AGAIN_MS = 50

/** Ends early, without a word, when the signal comes. */
async function pause(signal: AbortSignal): Promise<void> {
  try {
    await sleep(LOOK_AGAIN_MS, undefined, { signal })
  } catch (cause) {
    if (!signal.aborted) throw cause
  }
}

/** @param askHost fills the allowance if it can; says whether so many tokens fit */
export function windowGate(
  memory: SharedArrayBuffer,
  nowMs: () => number,
  askHost: (tokens: number) => Promise<boolean>,
): WindowGate {
  const words = new BigInt64Array(memory)
  let asking: Promise<boolean> | undefined

  function askOnce(tokens: number): Promise<boolean> {
    asking ??= askHost(tokens).finally(() => {
      asking = undefined
    })
    return asking
  }

  function take(tokens: bigint): boolean {
    if (BigInt(nowMs()) >= Atomics.load(words, WORDS.endsAtMs)) return false
    // Told before it is taken: the host may count at any time, and must see it here or in the rows.
    Atomics.add(words, WORDS.uncommitted, tokens)
    for (;;) {
      const left = Atomics.load(words, WORDS.left)
      if (left < tokens) break
      if (Atomics.compareExchange(words, WORDS.left, left, left - tokens) === left) return true
    }
    Atomics.sub(words, WORDS.uncommitted, tokens)
    return false
  }

  function passFor(tokens: bigint): WindowPass {
    const endsAtMs = Atomics.load(words, WORDS.endsAtMs)
    Atomics.add(words, WORDS.underWay, 1n)
    let isCommitted = false
    const commit = (): void => {
      if (!isCommitted) Atomics.sub(words, WORDS.uncommitted, tokens)
      isCommitted = true
    }
    const giveBack = (unused: bigint): void => {
      // What an earlier window did not need is no room in this one.
      if (Atomics.load(words, WORDS.endsAtMs) === endsAtMs) Atomics.add(words, WORDS.left, unused)
      Atomics.sub(words, WORDS.underWay, 1n)
    }
    return {
      committed: commit,
      settle: (actualTokens) => giveBack(tokens - BigInt(actualTokens)),
      cancel() {
        commit()
        giveBack(tokens)
      },
    }
  }

  return {
    async enter(tokens, signal) {
      const wanted = BigInt(tokens)
      while (!signal.aborted) {
        if (take(wanted)) return passFor(wanted)
        const wasQuiet = Atomics.load(words, WORDS.underWay) === 0n
        if (await askOnce(tokens)) continue
        if (take(wanted)) return passFor(wanted)
        if (wasQuiet) return null
        await pause(signal)
      }
      return null
    },
    endsAtMs: () => Number(Atomics.load(words, WORDS.endsAtMs)),
  }
}
