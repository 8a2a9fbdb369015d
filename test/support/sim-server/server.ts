/**
 * A small OpenAI-compatible server for tests and benches: seeded, scripted, and honest about what it billed.
 *
 * It imports nothing of the program, so that the program is judged by something that does not share its mistakes.
 * `GET /sim/stats` and `GET /sim/requests` tell other processes what the in-process handle tells.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BilledRequest, RecordedRequest, SimOptions, SimStats } from './script.ts'
import { Simulation } from './simulation.ts'

export interface SimServer {
  /** With `/v1`, as a base URL. */
  readonly url: string
  stats(): SimStats
  /** What arrived, in order, where `records` was asked for. */
  requests(): readonly RecordedRequest[]
  /** Every chat request that was billed, in the order of the bill, as `GET /sim/billed` gives it too. */
  billed(): readonly BilledRequest[]
  /** Nobody gets an answer any more, though they are billed. @returns what lets all of them go */
  holdAnswers(): () => void
  close(): Promise<void>
}

export async function startSimServer(options: SimOptions = {}): Promise<SimServer> {
  const simulation = new Simulation(options)
  const server = createServer((request, response) => {
    simulation.serve(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', 4_096, resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    stats: () => simulation.tally.stats(),
    requests: () => simulation.recorded,
    billed: () => simulation.billed,
    holdAnswers: () => simulation.holdAnswers(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
