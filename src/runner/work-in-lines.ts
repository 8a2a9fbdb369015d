/**
 * Lines of work side by side, as many as the wheel says now: more begin and some end when it is turned, and while it is
 * paused none takes anything new.
 */
import type { SteeringWheel } from './steering-wheel.ts'

interface Work {
  readonly wheel: SteeringWheel
  /** Aborted once nothing new is to be taken. */
  readonly drain: AbortSignal
  /** Does one piece. @returns false where nothing is left to take */
  takeOne(): Promise<boolean>
}

/**
 * @returns once every line has come to its end
 * @throws what the first line that broke threw, after the others came to theirs
 */
export async function workInLines({ wheel, drain, takeOne }: Work): Promise<void> {
  const broken: unknown[] = []
  let lineCount = 0
  let isEmpty = false
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })

  async function line(): Promise<void> {
    try {
      while (!drain.aborted && lineCount <= wheel.now().inFlight) {
        if (wheel.now().isPaused) await turned(wheel, drain)
        else if (!(await takeOne())) {
          isEmpty = true
          return
        }
      }
    } catch (cause) {
      broken.push(cause)
    } finally {
      lineCount -= 1
      if (lineCount === 0) end()
    }
  }

  function fillUp(): void {
    while (!isEmpty && !drain.aborted && broken.length === 0 && lineCount < wheel.now().inFlight) {
      lineCount += 1
      void line()
    }
  }

  const stopListening = wheel.onTurn(fillUp)
  fillUp()
  if (lineCount > 0) await ended
  stopListening()
  if (broken.length > 0) throw broken[0]
}

function turned(wheel: SteeringWheel, drain: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      stopListening()
      drain.removeEventListener('abort', goOn)
      resolve()
    }
    const stopListening = wheel.onTurn(goOn)
    drain.addEventListener('abort', goOn, { once: true })
  })
}
