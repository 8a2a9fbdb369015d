/** Starts the files that take minutes before the others, so that no worker is left alone with one of them at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Longest first; the order of the rest is vitest's own. */
const LONG = [
  'whole-run/torture',
  'docs/command-lines',
  'whole-run/batches',
  'whole-run/bad-input',
  'whole-run/leases',
  'control/replay/replay',
  'whole-run/main-way',
  'web/page',
  'whole-run/flipped-values',
] as const

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONG.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`))
  return rank === -1 ? LONG.length : rank
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => rankOf(a) - rankOf(b))
  }
}
