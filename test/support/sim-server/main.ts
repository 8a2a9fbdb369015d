/**
 * The simulated server as a program of its own, for tests that kill processes or run several of them.
 *
 *     node --import tsx test/support/sim-server/main.ts --port 0 --seed 1 --options '{"faults":{"server_error":0.02}}'
 *
 * Prints its URL as one line and runs until its standard input ends or it is told to stop.
 */
import { parseArgs } from 'node:util'
import type { SimOptions } from './script.ts'
import { startSimServer } from './server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    options: { type: 'string', default: '{}' },
  },
})
const options = JSON.parse(values.options) as SimOptions
const server = await startSimServer({ ...options, port: Number(values.port), seed: Number(values.seed) })
process.stdout.write(`${server.url}\n`)

const stop = (): void => {
  server.close().then(() => process.exit(0))
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
// A test that is killed leaves no server behind: its end of the pipe closes with it.
process.stdin.once('end', stop).resume()
