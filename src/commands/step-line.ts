/** How far a command is that works in steps: a line for people, events for programs. */
import { count } from '../language/counted.ts'
import type { CommandContext } from './command.ts'
import { perCent } from './format.ts'
import { progressLine } from './progress.ts'

export interface StepProgress {
  readonly step: string
  readonly done: number
  /** null where nobody knows. */
  readonly total: number | null
}

export function stepLine(context: CommandContext): { show(progress: StepProgress): void; end(): void } {
  const line = progressLine(context)
  return {
    show: ({ step, done, total }) =>
      line.show(
        () =>
          `${step}: ${count(done)}${total === null ? '' : ` of ${count(total)}, ${perCent(done, total)}`}`,
        () => context.emit({ event: 'step', step, done, total }),
      ),
    end: line.end,
  }
}
