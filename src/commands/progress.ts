/**
 * Progress on stderr: one line that is written over on a terminal, a plain line now and then elsewhere, an event where
 * programs read.
 */
import type { CommandContext } from './command.ts'

const TERMINAL_EVERY_MS = 200
const PLAIN_EVERY_MS = 5_000

export interface ProgressLine {
  /** Decides by the time whether anything is shown now. */
  show(line: () => string, emit?: () => void): void
  end(): void
}

/** @param plainEveryMs for a pipe: rarely where lines come by the thousand, at once where they are few */
export function progressLine(context: CommandContext, plainEveryMs = PLAIN_EVERY_MS): ProgressLine {
  const isOnTerminal = context.isTerminal && !context.wantsJson
  const everyMs = isOnTerminal ? TERMINAL_EVERY_MS : plainEveryMs
  let shownAtMs = context.nowMs()
  let isShown = false
  return {
    show(line, emit = () => context.say(line())) {
      const nowMs = context.nowMs()
      if (context.isQuiet || nowMs - shownAtMs < everyMs) return
      shownAtMs = nowMs
      isShown = true
      if (context.wantsJson) emit()
      else context.write(isOnTerminal ? `\r\u001b[2K${line()}` : `${line()}\n`)
    },
    end() {
      if (isShown && isOnTerminal) context.write('\r\u001b[2K')
    },
  }
}
