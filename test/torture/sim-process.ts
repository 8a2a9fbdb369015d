/** The simulated server as a process of its own, so that it lives and counts while others are killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { SimOptions, SimStats } from '../support/sim-server/script.ts'

const MAIN = new URL('../support/sim-server/main.ts', import.meta.url).pathname

export interface SimProcess {
  readonly url: string
  stats(): Promise<SimStats>
  stop(): Promise<void>
}

export async function startSimProcess(seed: number, options: SimOptions): Promise<SimProcess> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', MAIN, '--seed', String(seed), '--options', JSON.stringify(options)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    url,
    async stats() {
      const response = await fetch(url.replace(/\/v1$/, '/sim/stats'))
      return (await response.json()) as SimStats
    },
    async stop() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
