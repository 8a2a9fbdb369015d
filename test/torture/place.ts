/** One workspace under torture: its files, its settings and its server. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SimProcess, startSimProcess } from './sim-process.ts'

const DEMO_FACTS = new URL('../../demo/facts.jsonl', import.meta.url)

/** Faults that change no answer, so that the field is that of a well server. */
const TRANSPORT_FAULTS = { server_error: 0.02, reset_before: 0.01, reset_in_body: 0.01, cut_body: 0.01 }

export interface Place {
  readonly dir: string
  /** Beside the workspace, for whatever a test needs; gone with it. */
  readonly root: string
  readonly facts: string
  /** The first two thirds of them, some with another text. */
  readonly earlierFacts: string
  /** null: the built-in rules answer. */
  readonly server: SimProcess | null
  close(): Promise<void>
}

export async function openPlace(answerer: 'rules' | 'server', seed: number, facts: number): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), 'rff-torture-'))
  const dir = join(root, 'rff')
  mkdirSync(dir)
  const lines = readFileSync(DEMO_FACTS, 'utf8').trimEnd().split('\n').slice(0, facts)
  const write = (name: string, some: readonly string[]): string => {
    const path = join(root, name)
    writeFileSync(path, `${some.join('\n')}\n`)
    return path
  }
  const earlier = lines.slice(0, Math.ceil((facts * 2) / 3))
  const server =
    answerer === 'rules'
      ? null
      : await startSimProcess(seed, { latency: { medianMs: 40, sigma: 0.5 }, faults: TRANSPORT_FAULTS })
  const asked =
    server === null ? '' : `[models]\nprimary = "sim/model-a"\n[providers.sim]\nbaseUrl = "${server.url}"\n`
  const paced = 'inFlight = 8\nthreads = 2\ndeadlineMs = 60000\nbackoffMs = 20\nleaseMs = 3000\n'
  const loop = '[loop]\nseedsPerIteration = [40]\nbackoffMs = 10\n[archive]\nkeep = 1\n'
  writeFileSync(join(dir, 'rff.toml'), `${asked}[run]\n${paced}${loop}`)
  return {
    root,
    dir,
    facts: write('facts.jsonl', lines),
    earlierFacts: write(
      'earlier.jsonl',
      earlier.map((line, at) =>
        at % 9 === 0 ? line.replace('"text":"', '"text":"It was said that ') : line,
      ),
    ),
    server,
    async close() {
      await server?.stop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
