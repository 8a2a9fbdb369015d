import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { preload } from './preload.ts'

export interface ClockThatJumps {
  /** Of a process whose wall clock it is. */
  readonly env: Record<string, string>
  jump(): void
}

/** @param seconds forwards, or backwards where it is negative */
export function clockThatJumps(seconds: number, dir: string): ClockThatJumps {
  const trigger = join(dir, `jump-${randomUUID()}`)
  return {
    env: {
      LD_PRELOAD: preload('shift-clock'),
      CLOCK_SHIFT_S: String(seconds),
      CLOCK_SHIFT_WHEN: trigger,
    },
    jump: () => writeFileSync(trigger, ''),
  }
}
