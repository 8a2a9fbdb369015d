/**
 * Something that changes, shown on stderr for whoever is there: lines that are written over on a terminal, a plain line
 * now and then in a pipe, an event now and then for a program.
 */
import type { CommandEvent } from '../../schemas/event.ts'
import type { CommandContext } from './command.ts'

const TERMINAL_EVERY_MS = 200
const PLAIN_EVERY_MS = 5_000

export interface Ways {
  drawn(size: { readonly columns: number; readonly rows: number }): readonly string[]
  sentence(): string
  event(): CommandEvent
}

export interface LiveLines {
  /** @param isDue show it now, however short ago the last one was */
  show(ways: Ways, isDue: boolean): void
  /** Leaves a terminal as if nothing had stood there. */
  end(): void
}

export function liveLines(context: CommandContext): LiveLines {
  const isDrawn = context.isTerminal && !context.wantsJson
  const everyMs = isDrawn ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS
  let shownAtMs = Number.NEGATIVE_INFINITY
  let drawn: readonly string[] = []

  /** Up to the first line that was drawn, and everything from there away; a terminal made narrower has wrapped them. */
  function wipe(columns: number): string {
    if (drawn.length === 0) return ''
    const height = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0)
    return `\r${height > 1 ? `\u001b[${height - 1}A` : ''}\u001b[J`
  }

  return {
    show(ways, isDue) {
      const nowMs = context.nowMs()
      if (context.isQuiet || (!isDue && nowMs - shownAtMs < everyMs)) return
      shownAtMs = nowMs
      if (context.wantsJson) context.emit(ways.event())
      else if (!isDrawn) context.write(`${ways.sentence()}\n`)
      else {
        const { columns, rows } = context.terminalSize()
        // The last column stays free: a terminal that is written full wraps, and the lines are counted wrong.
        const lines = ways.drawn({ columns: columns - 1, rows: rows - 1 })
        context.write(`${wipe(columns)}${lines.join('\n')}`)
        drawn = lines
      }
    },
    end() {
      if (drawn.length > 0) context.write(wipe(context.terminalSize().columns))
      drawn = []
    },
  }
}
