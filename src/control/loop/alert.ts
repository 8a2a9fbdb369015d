/** Tells somebody outside that the loop needs a person. An alert that cannot be sent stops nothing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { asFailure } from '../../../schemas/as-failure.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'

export interface Alert {
  readonly kind: 'loop_paused' | 'loop_struggles'
  readonly workspace: string
  readonly iteration: number | null
  readonly code: string
  readonly message: string
  readonly hint: string
}

const PATIENCE_MS = 15_000

/** @returns what went wrong with the alert itself, in sentences */
export async function sendAlert({ command, webhook }: Config['alert'], alert: Alert): Promise<string[]> {
  const text = JSON.stringify(alert)
  const sent = await Promise.allSettled([
    command === undefined ? undefined : tellProgram(command, text),
    webhook === undefined ? undefined : tellServer(webhook, text),
  ])
  return sent.flatMap((one) =>
    one.status === 'rejected'
      ? [`the alert was not sent: ${asFailure(one.reason).message.split('\n')[0]}`]
      : [],
  )
}

/** No shell: a message holds text of others. */
async function tellProgram([program, ...args]: readonly string[], text: string): Promise<void> {
  const child = spawn(program!, args, { stdio: ['pipe', 'ignore', 'ignore'], timeout: PATIENCE_MS })
  child.stdin.on('error', () => undefined) // a program that does not read its input has been told nevertheless
  child.stdin.end(`${text}\n`)
  const [exitCode] = (await once(child, 'exit')) as [number | null]
  if (exitCode !== 0) throw new RffError('internal', `${program} ended with ${exitCode}`)
}

async function tellServer(webhook: string, text: string): Promise<void> {
  const { ok, status } = await fetch(webhook, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  if (!ok) throw new RffError('internal', `${new URL(webhook).host} answered ${status}`)
}
