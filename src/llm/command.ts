/**
 * A model behind a program of its own: the prompt goes to its standard input, the answer comes from its output.
 *
 * Such programs sign in by themselves and count by themselves, so usage is a bound, and patterns of the settings tell
 * "the usage window is exhausted" and "not signed in" from an answer.
 */
import { spawn } from 'node:child_process'
import type { FailureCode } from '../../schemas/failure.ts'
import type { Reply, Request } from '../../schemas/prompt.ts'
import { type Deed, untilAborted } from './deadline.ts'
import type { RemoteProvider } from './provider.ts'
import { usageBoundOf } from './read-completion.ts'
import { redact } from './redact.ts'
import { schemaDemand } from './schema-demand.ts'

export interface CommandSettings {
  /** The program and its arguments; `{model}` in an argument stands for the model. */
  readonly command: readonly string[]
  /** Regular expressions over what the program printed, its error output included. */
  readonly windowExhaustedPattern?: string | undefined
  readonly notLoggedInPattern?: string | undefined
  /** All that the program sees of the environment. */
  readonly env: Readonly<Record<string, string | undefined>>
}

interface Run {
  readonly exitCode: number | null
  readonly output: string
  readonly errorOutput: string
}

const MOST_OUTPUT_CHARS = 8_000_000
const KILL_AFTER_MS = 2_000

export function commandProvider(name: string, settings: CommandSettings): RemoteProvider {
  return {
    kind: 'remote',
    name,
    async ask(request, signal) {
      const startedAt = performance.now()
      const command = settings.command.map((part) => part.replaceAll('{model}', request.model))
      const deed = await untilAborted(signal, (stop) =>
        run({ command, env: settings.env }, promptOf(request), stop),
      )
      return replyOf(deed, request, settings, Math.round(performance.now() - startedAt))
    },
    /** A program has no free question, so it is taken to be there. */
    async probe() {
      return true
    },
  }
}

/** Programs have one input and no roles: the messages one after the other, then the schema. */
function promptOf({ messages, schema }: Request): string {
  const [first, ...others] = messages.map(({ content }) => content)
  return [first, schemaDemand(schema), ...others].join('\n\n')
}

type Program = Pick<CommandSettings, 'command' | 'env'>

function run({ command, env }: Program, prompt: string, signal: AbortSignal): Promise<Run> {
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = command
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env })
    let output = ''
    let errorOutput = ''
    const stop = (): void => {
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref()
    }
    signal.addEventListener('abort', stop, { once: true })
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      if (output.length > MOST_OUTPUT_CHARS) stop()
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errorOutput = (errorOutput + chunk).slice(-10_000)
    })
    child.once('error', reject)
    child.once('close', (exitCode) => {
      signal.removeEventListener('abort', stop)
      resolve({ exitCode, output, errorOutput })
    })
    // A program that answers without reading all of its input closes the pipe; that is not a failure.
    child.stdin.once('error', () => undefined)
    child.stdin.end(prompt)
  })
}

function replyOf(deed: Deed<Run>, request: Request, settings: CommandSettings, latencyMs: number): Reply {
  if (deed.kind === 'late') return failed('provider_timeout', 'the program did not answer in time', true)
  if (deed.kind === 'stopped') return failed('interrupted', 'the program was stopped', true)
  if (deed.kind === 'threw')
    return failed('provider_error', `the program cannot be started: ${String(deed.error)}`, false, true)
  const { exitCode, output, errorOutput } = deed.value
  const said = `${output}\n${errorOutput}`
  const excerpt = shorten(errorOutput.trim() === '' ? output.trim() : errorOutput.trim())
  // Where the program succeeded, a pattern must not be found in the text of an answer.
  const heard = exitCode === 0 && looksLikeAnswer(output) ? errorOutput : said
  if (matches(settings.windowExhaustedPattern, heard)) return failed('window_exhausted', excerpt, false, true)
  if (matches(settings.notLoggedInPattern, heard))
    return failed('provider_unauthorised', excerpt, false, true)
  if (exitCode !== 0) return failed('provider_error', `exit code ${exitCode}: ${excerpt}`, true)
  return {
    ok: true,
    answer: {
      text: output.trim(),
      finishReason: 'stop',
      usage: usageBoundOf(request),
      model: request.model,
      requestId: null,
      latencyMs,
    },
  }
}

const looksLikeAnswer = (output: string): boolean => /\{[\s\S]*\}/u.test(output)
const matches = (pattern: string | undefined, text: string): boolean =>
  pattern !== undefined && new RegExp(pattern, 'iu').test(text)
const shorten = (text: string): string => redact(text.length > 500 ? `${text.slice(0, 500)}…` : text, [])

function failed(code: FailureCode, message: string, mayBeBilled: boolean, isSystemic = false): Reply {
  return {
    ok: false,
    failure: { code, message, mayBeBilled, isSystemic, retryAfterMs: null, httpStatus: null },
  }
}
