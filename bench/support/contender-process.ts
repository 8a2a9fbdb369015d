/**
 * The child process of a contender that is code of ours and no program: runs one function of one module, tells what it
 * returned and what it cost. What starting and loading took is not in the figures.
 *
 * Run: node --import tsx bench/support/contender-process.ts <module> <input as JSON>
 */
import type { Cost } from './measure-process.ts'

interface ContenderModule {
  /** Whatever must be there before the clock starts. */
  prepare?(input: unknown): Promise<unknown>
  /** @param prepared what `prepare` returned */
  contend(input: unknown, prepared: unknown): Promise<unknown>
}

export interface ContenderReport<Output> extends Cost {
  readonly output: Output
}

const [, , modulePath = '', input = 'null'] = process.argv
const contender = (await import(modulePath)) as ContenderModule
const parsed: unknown = JSON.parse(input)
const prepared = await contender.prepare?.(parsed)
const cpuBefore = process.cpuUsage()
const start = performance.now()
const output = await contender.contend(parsed, prepared)
const wallMs = performance.now() - start
const { user, system } = process.cpuUsage(cpuBefore)
const report: ContenderReport<unknown> = {
  wallMs,
  cpuMs: (user + system) / 1_000,
  peakBytes: process.resourceUsage().maxRSS * 1_024,
  output,
}
process.stdout.write(JSON.stringify(report))
process.exit(0)
