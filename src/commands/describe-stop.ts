import type { Failure } from '../../schemas/failure.ts'
import { printableLine } from '../language/printable.ts'

/** It may quote what a server said: that moves no terminal's cursor, and begins no line that looks like one of ours. */
export const describeStop = ({ code, message }: Failure): string => `${code}: ${printableLine(message)}`
