/** The simulated server in a process of its own, and what it counts as time goes on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SimOptions, SimStats } from '../../test/support/sim-server/script.ts'

const MAIN = new URL('../../test/support/sim-server/main.ts', import.meta.url).pathname
const LOOK_EVERY_MS = 500

export interface SimProcess {
  readonly url: string
  stats(): Promise<SimStats>
  close(): Promise<void>
}

export async function startSimProcess(options: SimOptions): Promise<SimProcess> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', MAIN, '--seed', '5', '--options', JSON.stringify(options)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const url = line.toString().trim()
  return {
    url,
    stats: async () => (await (await fetch(new URL('/sim/stats', url))).json()) as SimStats,
    async close() {
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}

/** What was counted a fifth of the time after the first request, and at the end of the time. */
export interface Watched {
  readonly settled: SimStats
  readonly settledAtS: number
  readonly end: SimStats
  readonly endAtS: number
}

/** Looks on for so many seconds from the first request on. */
export async function watchServer({ stats }: SimProcess, seconds: number): Promise<Watched> {
  while ((await stats()).requests === 0) await sleep(20)
  const start = performance.now()
  const elapsedS = (): number => (performance.now() - start) / 1_000
  let settled: { stats: SimStats; atS: number } | undefined
  for (;;) {
    const seen = { stats: await stats(), atS: elapsedS() }
    if (seen.atS >= seconds / 5) settled ??= seen
    if (seen.atS + LOOK_EVERY_MS / 1_000 >= seconds && settled !== undefined)
      return { settled: settled.stats, settledAtS: settled.atS, end: seen.stats, endAtS: seen.atS }
    await sleep(LOOK_EVERY_MS)
  }
}
