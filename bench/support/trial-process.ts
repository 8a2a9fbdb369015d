/** The child process of one trial: what a trial leaves in memory or breaks is not the next one's affair. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrialContext, TrialResult } from './trial.ts'
import { loadTrial } from './trials.ts'

export type TrialOrder = Omit<TrialContext, 'workFolder' | 'say'> & {
  readonly name: string
  /** Where work folders are made; the system's folder for temporary files if null. */
  readonly scratchFolder: string | null
}

export type TrialReport = { readonly result: TrialResult } | { readonly error: string }

async function runOrder({ name, scratchFolder, ...order }: TrialOrder): Promise<TrialReport> {
  const workFolder = mkdtempSync(join(scratchFolder ?? tmpdir(), `rff-bench-${name}-`))
  const say = (line: string): void => void process.stderr.write(`${name}: ${line}\n`)
  try {
    const trial = await loadTrial(name)
    return { result: await trial.run({ ...order, workFolder, say }) }
  } catch (cause) {
    return { error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }
  } finally {
    rmSync(workFolder, { recursive: true, force: true })
  }
}

process.once('message', (order: TrialOrder) => {
  void runOrder(order).then((report) => process.send!(report, () => process.exit(0)))
})
