/**
 * How much of a provider's limit is used, how often is it overrun, and what does a call cost us?
 *
 * The simulated server runs in a process of its own with a token limit, lognormal latency and faults; each contender
 * gets a fresh one, the same prompts and the same time. `used` is what the server charged of all that it would have
 * given: what its bucket held at first, and what came in.
 *
 * - `rff-shard`: our provider, limiter and retries in one thread
 * - `openai`: the package with its own retries (2) at a fixed concurrency
 * - `p-queue`: the same package in a queue with an interval cap that an attentive user would compute
 *
 * Run: node --import tsx bench/trials/limits.ts [--seconds 600] [--tpm 6000000] [--burst 60]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import OpenAI from 'openai'
import type { Request } from '../../schemas/prompt.ts'
import { countTry, nextTry, type Tries } from '../../src/llm/backoff.ts'
import { machineClock } from '../../src/llm/limiter/clock.ts'
import { Limiter } from '../../src/llm/limiter/limiter.ts'
import { limitMemory } from '../../src/llm/limiter/shared-words.ts'
import { openaiCompatibleProvider } from '../../src/llm/openai-compatible.ts'
import type { SimOptions, SimStats } from '../../test/support/sim-server/script.ts'
import type { Trial } from '../support/trial.ts'

export interface LimitsTrial {
  readonly seconds: number
  readonly tokensPerMinute: number
  /** How much the server's bucket holds. */
  readonly burstSeconds: number
}

export interface LimitsRow {
  readonly contender: string
  readonly calls: number
  readonly answered: number
  /** Given up for good, of those that were begun. */
  readonly lost: number
  readonly usedShare: number
  readonly overLimitShare: number
  readonly billedAgain: number
  readonly mostInFlight: number
  readonly cpuMsPerCall: number
  readonly peakMemoryMb: number
}

interface Load {
  readonly url: string
  readonly trial: LimitsTrial
  readonly signal: AbortSignal
}
interface Result {
  answered: number
  lost: number
}
type Contender = (load: Load) => Promise<Result>

const PROMPT_CHARS = 2_800
const ANSWER_LIMIT_TOKENS = 1_000
const TOKENS_PER_CALL = PROMPT_CHARS / 4 + ANSWER_LIMIT_TOKENS
const DEADLINE_MS = 10_000
const FIXED_CONCURRENCY = 64
const WAITING = 500

const promptOf = (n: number): string =>
  `Structure the facts of cluster ${n}. `.padEnd(PROMPT_CHARS, 'A fact. ')

const requestOf = (n: number): Request => ({
  task: 'bench',
  lane: 'primary',
  model: 'sim-1',
  messages: [{ role: 'user', content: promptOf(n) }],
  schema: { name: 'answer', json: { type: 'object' }, digest: '' },
  sampling: {},
  answerLimitTokens: ANSWER_LIMIT_TOKENS,
})

const bodyOf = (n: number): OpenAI.ChatCompletionCreateParamsNonStreaming => ({
  model: 'sim-1',
  messages: [{ role: 'user', content: promptOf(n) }],
  max_completion_tokens: ANSWER_LIMIT_TOKENS,
})

/** So many workers, each asking for one cluster after the other until the time is over. */
async function inWorkers(
  count: number,
  signal: AbortSignal,
  result: Result,
  ask: (n: number) => Promise<boolean>,
): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      const isAnswered = await ask(next++)
      if (isAnswered) result.answered += 1
      else if (!signal.aborted) result.lost += 1
    }
  }
  await Promise.all(Array.from({ length: count }, work))
}

const rffShard: Contender = async ({ url, signal }) => {
  const provider = openaiCompatibleProvider(
    {
      ...{ name: 'sim', baseUrl: url, keyVariable: null, structuredOutput: 'none', rejectedParameters: [] },
      ...{ answerLimitParameter: 'max_completion_tokens', takesPromptCacheKey: false, extraBody: {} },
    },
    null,
  )
  const known = { requestsPerMinute: null, tokensPerMinute: null, mostInFlight: 2_000 }
  const limiter = new Limiter(limitMemory(known), machineClock)
  const result = { answered: 0, lost: 0 }
  const askOne = async (n: number): Promise<boolean> => {
    const request = requestOf(n)
    for (let tries: Tries = {}; ; ) {
      const isRetry = Object.keys(tries).length > 0
      const demand = { promptTokens: PROMPT_CHARS / 4, answerLimitTokens: ANSWER_LIMIT_TOKENS, isRetry }
      const grant = await limiter.enter(demand, signal).catch(() => null)
      if (grant === null) return false
      const reply = await provider.ask(request, AbortSignal.timeout(DEADLINE_MS))
      limiter.leave(grant, reply)
      if (reply.ok) return true
      tries = countTry(tries, reply.failure)
      const next = nextTry(reply.failure, tries, { transportTries: 6, backoffMs: 500 }, Math.random())
      if (next.kind !== 'wait' || signal.aborted) return false
      await new Promise((resolve) => setTimeout(resolve, next.waitMs))
    }
  }
  await inWorkers(WAITING, signal, result, askOne)
  return result
}

const openaiAlone: Contender = async ({ url, signal }) => {
  const client = new OpenAI({ baseURL: url, apiKey: 'none', timeout: DEADLINE_MS, logLevel: 'off' })
  const result = { answered: 0, lost: 0 }
  await inWorkers(FIXED_CONCURRENCY, signal, result, async (n) => {
    const answer = await client.chat.completions.create(bodyOf(n)).catch(() => null)
    return answer !== null
  })
  return result
}

/** The shape of p-queue that is used here; the package is a dev dependency of the benches only. */
interface Queue {
  add<T>(deed: () => Promise<T>): Promise<T>
}
type QueueClass = new (options: { concurrency: number; interval: number; intervalCap: number }) => Queue

const queueContender =
  (PQueue: QueueClass): Contender =>
  async ({ url, trial, signal }) => {
    const client = new OpenAI({ baseURL: url, apiKey: 'none', timeout: DEADLINE_MS, logLevel: 'off' })
    const intervalCap = Math.max(1, Math.floor(trial.tokensPerMinute / 60 / TOKENS_PER_CALL))
    const queue = new PQueue({ concurrency: 2_000, interval: 1_000, intervalCap })
    const result = { answered: 0, lost: 0 }
    await inWorkers(WAITING, signal, result, (n) =>
      queue.add(async () => {
        if (signal.aborted) return false
        return (await client.chat.completions.create(bodyOf(n)).catch(() => null)) !== null
      }),
    )
    return result
  }

/** A trial without its peer says so and goes on. */
async function contenders(): Promise<[string, Contender][]> {
  const known: [string, Contender][] = [
    ['rff-shard', rffShard],
    [`openai, ${FIXED_CONCURRENCY} at once`, openaiAlone],
  ]
  const name = 'p-queue'
  try {
    const { default: PQueue } = (await import(name)) as { default: QueueClass }
    return [...known, ['openai in p-queue', queueContender(PQueue)]]
  } catch (error) {
    process.stderr.write(`${name} is not installed: ${(error as Error).message.split('\n')[0]}\n`)
    return known
  }
}

function serverOptions({ tokensPerMinute, burstSeconds }: LimitsTrial): SimOptions {
  return {
    seed: 5,
    latency: { medianMs: 800, sigma: 0.5 },
    limits: { tokensPerMinute, requestsPerMinute: tokensPerMinute, burstSeconds },
    faults: { server_error: 0.02, hang: 0.01, reset_in_body: 0.01 },
    // Somebody else on the same account: bursts of refusals that have nothing to do with our pace.
    script: [300, 900, 2_700].map((from) => ({
      fault: 'rate_limited',
      from,
      to: from + 9,
      retryAfterSeconds: 1,
    })),
  }
}

async function startServer(trial: LimitsTrial): Promise<{ url: string; process: ChildProcess }> {
  const main = new URL('../../test/support/sim-server/main.ts', import.meta.url).pathname
  const options = JSON.stringify(serverOptions(trial))
  const server = spawn(process.execPath, ['--import', 'tsx', main, '--seed', '5', '--options', options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(server.stdout!, 'data')) as [Buffer]
  return { url: line.toString().trim(), process: server }
}

async function measure(name: string, contender: Contender, trial: LimitsTrial): Promise<LimitsRow> {
  const server = await startServer(trial)
  const cpuBefore = process.cpuUsage()
  let peakMemoryMb = 0
  const watch = setInterval(() => {
    peakMemoryMb = Math.max(peakMemoryMb, process.memoryUsage.rss() / 1e6)
  }, 250)
  const signal = AbortSignal.timeout(trial.seconds * 1_000)
  const statsAtEnd = new Promise<SimStats>((resolve, reject) => {
    const read = async (): Promise<SimStats> =>
      (await (await fetch(new URL('/sim/stats', server.url))).json()) as SimStats
    signal.addEventListener('abort', () => void read().then(resolve, reject), { once: true })
  })
  const [stats, { answered, lost }] = await Promise.all([
    statsAtEnd,
    contender({ url: server.url, trial, signal }),
  ])
  clearInterval(watch)
  const cpu = process.cpuUsage(cpuBefore)
  server.process.stdin!.end()
  await once(server.process, 'exit')
  const given = (trial.tokensPerMinute * (trial.seconds + trial.burstSeconds)) / 60
  return {
    contender: name,
    calls: stats.requests,
    answered,
    lost,
    usedShare: round(stats.chargedTokens / given, 4),
    overLimitShare: round(stats.overLimit / stats.requests, 4),
    billedAgain: stats.billedAgain,
    mostInFlight: stats.mostInFlight,
    cpuMsPerCall: round((cpu.user + cpu.system) / 1_000 / stats.requests, 2),
    peakMemoryMb: Math.round(peakMemoryMb),
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))

export async function runLimits(trial: LimitsTrial): Promise<LimitsRow[]> {
  const rows: LimitsRow[] = []
  for (const [name, contender] of await contenders()) rows.push(await measure(name, contender, trial))
  return rows
}

const TOKENS_PER_MINUTE = 6_000_000

export const trial: Trial = {
  name: 'limits',
  question: "How much of a provider's limit is used, how often is it overrun, and what does a call cost us?",
  peers: ['openai', 'p-queue'],
  async run({ isSmall, say }) {
    const seconds = isSmall ? 6 : 600
    say(`each contender has ${seconds} s`)
    const limits = { seconds, tokensPerMinute: TOKENS_PER_MINUTE, burstSeconds: isSmall ? 5 : 60 }
    const rows = await runLimits(limits)
    return {
      rows: rows.map(({ contender, ...cells }) => ({ name: contender, cells })),
      absentPeers: rows.some(({ contender }) => contender.includes('p-queue')) ? [] : ['p-queue'],
      notes: [
        `One round of ${seconds} s each against the simulated server, ${TOKENS_PER_MINUTE} tokens a minute, 800 ms median latency, faults on.`,
      ],
    }
  },
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '600' },
      tpm: { type: 'string', default: '6000000' },
      burst: { type: 'string', default: '60' },
    },
  })
  const trial = {
    seconds: Number(values.seconds),
    tokensPerMinute: Number(values.tpm),
    burstSeconds: Number(values.burst),
  }
  console.table(await runLimits(trial))
}
