/**
 * How much of a provider's limit is used, how often is it overrun, and what does a call cost us?
 *
 * All contenders go at the same time, each in a process of its own and with a simulated server of its own: a token limit
 * that only its headers tell, 800 ms of lognormal latency, 2 % errors, 1 % hangs, 1 % resets, bursts of refusals that have
 * nothing to do with our pace. Four of our processes share one limit beside the one that is alone. What is settled is
 * told apart, from a fifth of the time on: before it everybody spends what the server's bucket holds.
 *
 * A last row tells what 2,000 calls in flight need in memory, at four seconds of latency and without a limit.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SimOptions, SimStats } from '../../test/support/sim-server/script.ts'
import type { ContenderReport } from '../support/contender-process.ts'
import type { LimitsInput, LimitsOutput } from '../support/limits-load.ts'
import { measureContender } from '../support/measure-contender.ts'
import { isInstalled } from '../support/peer.ts'
import { startSimProcess, type Watched, watchServer } from '../support/sim-process.ts'
import type { Row, Trial, TrialContext } from '../support/trial.ts'

interface Contender {
  readonly name: string
  /** File of bench/contenders. */
  readonly module: string
  readonly processes: number
  readonly peer?: string
}

const CONTENDERS: readonly Contender[] = [
  { name: 'rff-shard', module: 'limits-ours', processes: 1 },
  { name: 'rff-shard, four processes', module: 'limits-ours', processes: 4 },
  { name: 'openai, 64 at once', module: 'limits-openai', processes: 1 },
  { name: 'openai in p-queue', module: 'limits-p-queue', processes: 1, peer: 'p-queue' },
  { name: 'openai in bottleneck', module: 'limits-bottleneck', processes: 1, peer: 'bottleneck' },
  { name: "a loop in the cookbook's manner", module: 'limits-cookbook', processes: 1 },
]

/** Ten calls a second: all contenders together must leave two cores some air. */
const TOKENS_PER_MINUTE = 1_000_000
/** What waits when the time is over is still asked by those that cannot take it back, so a small run has little. */
const WHOLE = { waiting: 500, deadlineMs: 10_000 }
const SMALL = { waiting: 20, deadlineMs: 3_000 }
const IN_FLIGHT = 2_000
/** Concurrency doubles with each round of answers. */
const SECONDS_TO_FILL = 45

const LIMITED: SimOptions = {
  latency: { medianMs: 800, sigma: 0.5 },
  faults: { server_error: 0.02, hang: 0.01, reset_in_body: 0.01 },
  script: [300, 900, 2_700].map((from) => ({
    ...{ fault: 'rate_limited', from, to: from + 9, retryAfterSeconds: 1 },
  })),
}

async function measure(
  { name, module, processes }: Contender,
  options: SimOptions,
  input: Omit<LimitsInput, 'url' | 'file'>,
  folder: string,
): Promise<{ watched: Watched; reports: ContenderReport<LimitsOutput>[]; after: SimStats }> {
  const server = await startSimProcess(options)
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.sqlite`)
  try {
    const [watched, ...reports] = await Promise.all([
      watchServer(server, input.seconds),
      ...Array.from({ length: processes }, () =>
        measureContender<LimitsOutput>(module, { ...input, url: server.url, file }),
      ),
    ])
    return { watched, reports, after: await server.stats() }
  } finally {
    await server.close()
    rmSync(file, { force: true })
  }
}

async function underLimit(
  contender: Contender,
  seconds: number,
  load: Pick<LimitsInput, 'waiting' | 'deadlineMs'>,
  folder: string,
): Promise<Row> {
  const burstSeconds = Math.min(60, seconds / 10)
  const limits = { tokensPerMinute: TOKENS_PER_MINUTE, requestsPerMinute: TOKENS_PER_MINUTE, burstSeconds }
  const input = { seconds, tokensPerMinute: TOKENS_PER_MINUTE, ...load }
  const { watched, reports, after } = await measure(contender, { ...LIMITED, limits }, input, folder)
  const { settled, settledAtS, end, endAtS } = watched
  const perSecond = TOKENS_PER_MINUTE / 60
  const settledRequests = end.requests - settled.requests
  return {
    name: contender.name,
    cells: {
      calls: after.requests,
      'used %': percent(end.chargedTokens, perSecond * (endAtS + burstSeconds)),
      'settled: used %': percent(
        end.chargedTokens - settled.chargedTokens,
        perSecond * (endAtS - settledAtS),
      ),
      'refused %': percent(end.overLimit, end.requests),
      'settled: refused %': percent(end.overLimit - settled.overLimit, settledRequests),
      answered: sum(reports, ({ output }) => output.answered),
      lost: sum(reports, ({ output }) => output.lost),
      'billed twice': Math.max(0, after.billedAgain - brokenOf(after)),
      'CPU ms/call': sum(reports, ({ cpuMs }) => cpuMs ?? 0) / after.requests,
      'peak MB': Math.max(...reports.map(({ peakBytes }) => peakBytes ?? 0)) / 1e6,
    },
  }
}

/** What was billed and never arrived must be asked again; that is no answer billed twice. */
const brokenOf = ({ byFault }: SimStats): number => (byFault.hang ?? 0) + (byFault.reset_in_body ?? 0)

async function inFlight(most: number, seconds: number, folder: string): Promise<Row> {
  const ours = {
    name: `rff-shard, ${most.toLocaleString('en')} in flight`,
    module: 'limits-ours',
    processes: 1,
  }
  const input = { seconds, tokensPerMinute: 0, waiting: most, deadlineMs: WHOLE.deadlineMs }
  const { reports, after } = await measure(ours, { latency: { medianMs: 4_000, sigma: 0.1 } }, input, folder)
  const [report] = reports
  return {
    name: ours.name,
    cells: {
      calls: after.requests,
      answered: report!.output.answered,
      lost: report!.output.lost,
      'most in flight': after.mostInFlight,
      'CPU ms/call': (report!.cpuMs ?? 0) / after.requests,
      'peak MB': (report!.peakBytes ?? 0) / 1e6,
    },
  }
}

const percent = (part: number, whole: number): number => (100 * part) / whole
const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

const secondsOf = ({ isSmall, minutes }: TrialContext): number =>
  isSmall ? 5 : minutes === null ? 60 : minutes * 60

export const trial: Trial = {
  name: 'limits',
  question: "How much of a provider's limit is used, how often is it overrun, and what does a call cost us?",
  peers: ['openai', 'p-queue', 'bottleneck', "the manner of OpenAI's cookbook script"],
  async run(context) {
    const { isSmall, workFolder, say } = context
    const seconds = secondsOf(context)
    const there = CONTENDERS.filter(({ peer }) => peer === undefined || isInstalled(peer))
    say(`${there.length} contenders have ${seconds} s, at the same time`)
    const load = isSmall ? SMALL : WHOLE
    const rows = await Promise.all(there.map((contender) => underLimit(contender, seconds, load, workFolder)))
    const [most, secondsToFill] = isSmall ? [20, 5] : [IN_FLIGHT, SECONDS_TO_FILL]
    say(`${most} calls in flight, within ${secondsToFill} s`)
    const filled = await inFlight(most, secondsToFill, workFolder)
    return {
      rows: [...rows, filled],
      absentPeers: CONTENDERS.flatMap(({ peer }) => (peer === undefined || isInstalled(peer) ? [] : [peer])),
      notes: [
        `One round of ${seconds} s, all at once, against simulated servers of ${TOKENS_PER_MINUTE.toLocaleString('en')} tokens a minute.`,
        'Used: what the server charged, of what its bucket held at first and what came in. Settled: from a fifth of the time on.',
        'Refused by the limit; the bursts of refusals that are part of the load are not counted.',
        'Billed twice: of the answers that had arrived whole. Lost: given up for good.',
      ],
    }
  },
}
