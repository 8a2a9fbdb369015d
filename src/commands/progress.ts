/** Progress for people on stderr: one line that is written over on a terminal, a plain line now and then elsewhere. */
import type { CommandContext } from './command.ts'

const TERMINAL_EVERY_MS = 200
const PLAIN_EVERY_MS = 5_000

/** @returns what to call with the line as it is now; it decides whether to show it */
export function progressLine(context: CommandContext): { show(line: () => string): void; end(): void } {
  const everyMs = context.isTerminal ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS
  let shownAtMs = context.nowMs()
  let isShown = false
  return {
    show(line) {
      const nowMs = context.nowMs()
      if (context.isQuiet || nowMs - shownAtMs < everyMs) return
      shownAtMs = nowMs
      isShown = true
      context.write(context.isTerminal ? `\r\u001b[2K${line()}` : `${line()}\n`)
    },
    end() {
      if (isShown && context.isTerminal) context.write('\r\u001b[2K')
    },
  }
}
