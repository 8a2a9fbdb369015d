/** Batches through the Files and Batches API, as OpenAI and some servers like it have it. */
import { openAsBlob } from 'node:fs'
import type OpenAI from 'openai'
import type { AskFailure, Request } from '../../../schemas/prompt.ts'
import type { ChatBody } from '../chat-body.ts'
import type { Connection } from '../connection.ts'
import { judgeLoss } from '../connection-loss.ts'
import { untilAborted } from '../deadline.ts'
import { lostCall, refusedCall } from '../failed-call.ts'
import { redact } from '../redact.ts'
import { errorFrom } from '../reported-error.ts'
import type { BatchApi, BatchSeen, LineResult, Told } from './batch-api.ts'
import { linesOf } from './lines-of.ts'
import { readLineResult } from './read-line-result.ts'

interface BatchServer {
  connect(): Promise<Connection>
  readonly keys: readonly string[]
  bodyOf(request: Request): ChatBody
  /** A line was refused for a parameter. */
  learn(parameter: string): void
}

const ENDPOINT = '/v1/chat/completions'
/** The name of our intent in a batch's metadata. */
const METADATA = 'rff_intent'
const LINES_AT_A_TIME = 256
/** The longest page that the lists give. */
const FILES_PER_PAGE = 10_000
const BATCHES_PER_PAGE = 100

export function openaiBatches({ connect, keys, bodyOf, learn }: BatchServer): BatchApi {
  async function tell<T>(
    signal: AbortSignal,
    deed: (client: OpenAI, signal: AbortSignal) => Promise<T>,
  ): Promise<Told<T>> {
    const done = await untilAborted(signal, async (stop) => deed((await connect()).client, stop))
    if (done.kind === 'done') return { ok: true, value: done.value }
    const failure =
      done.kind === 'threw'
        ? failureOf(done.error, (await connect()).APIError)
        : done.kind === 'late'
          ? lostCall('provider_timeout', 'no whole response within the deadline', false)
          : lostCall('interrupted', 'the call was stopped', false)
    return { ok: false, failure: { ...failure, message: redact(failure.message, keys) } }
  }

  return {
    lineOf: (customId, request) =>
      JSON.stringify({ custom_id: customId, method: 'POST', url: ENDPOINT, body: bodyOf(request) }),

    upload: (name, path, signal) =>
      tell(signal, async (client, stop) => {
        // The file is read as it is sent, so its size is no matter of memory.
        const file = new File([await openAsBlob(path)], name, { type: 'application/jsonl' })
        return (await client.files.create({ file, purpose: 'batch' }, { signal: stop })).id
      }),

    findFile: (name, signal) =>
      tell(signal, async (client, stop) => {
        const listed = client.files.list({ purpose: 'batch', limit: FILES_PER_PAGE }, { signal: stop })
        for await (const file of listed) if (file.filename === name) return file.id
        return null
      }),

    create: (inputFileId, intentId, signal) =>
      tell(signal, async (client, stop) =>
        seenIn(
          await client.batches.create(
            {
              input_file_id: inputFileId,
              endpoint: ENDPOINT,
              completion_window: '24h',
              metadata: { [METADATA]: intentId },
            },
            { signal: stop },
          ),
        ),
      ),

    find: (intentId, signal) =>
      tell(signal, async (client, stop) => {
        const listed = client.batches.list({ limit: BATCHES_PER_PAGE }, { signal: stop })
        for await (const batch of listed) if (batch.metadata?.[METADATA] === intentId) return seenIn(batch)
        return null
      }),

    look: (id, signal) =>
      tell(signal, async (client, stop) => seenIn(await client.batches.retrieve(id, { signal: stop }))),

    async read(fileId, take, signal) {
      const taking = keepingFault(take)
      const told = await tell(signal, async (client, stop) => {
        const { body } = await client.files.content(fileId, { signal: stop })
        let handful: LineResult[] = []
        for await (const line of linesOf(body)) {
          const result = readLineResult(line)
          if (result === null) continue
          if (!result.reply.ok && result.reply.failure.rejectedParameter !== undefined)
            learn(result.reply.failure.rejectedParameter)
          handful.push(result)
          if (handful.length < LINES_AT_A_TIME) continue
          await taking.take(handful)
          handful = []
        }
        await taking.take(handful)
      })
      taking.throwFault()
      return told
    },
  }
}

/** What goes wrong in the taking is the taker's affair, not the provider's. */
function keepingFault<T>(take: (value: T) => Promise<void>) {
  let fault: { readonly cause: unknown } | null = null
  return {
    async take(value: T): Promise<void> {
      try {
        await take(value)
      } catch (cause) {
        fault = { cause }
        throw cause
      }
    },
    throwFault(): void {
      if (fault !== null) throw fault.cause
    },
  }
}

function failureOf(error: unknown, APIError: typeof OpenAI.APIError): AskFailure {
  if (error instanceof APIError && error.status !== undefined) {
    const { status } = error
    const reported = { ...errorFrom(error.error ?? error.message, status), status }
    return refusedCall(reported, { status, headers: error.headers ?? new Headers() })
  }
  const { code, message } = judgeLoss(error)
  return lostCall(code, message, false)
}

function seenIn({
  id,
  input_file_id,
  status,
  errors,
  output_file_id,
  error_file_id,
}: OpenAI.Batch): BatchSeen {
  const isOver =
    status === 'completed' || status === 'expired' || status === 'cancelled' || status === 'failed'
  return {
    id,
    inputFileId: input_file_id,
    state: isOver ? status : 'under_way',
    resultFileIds: [output_file_id, error_file_id].flatMap((fileId) => fileId ?? []),
    failure: status === 'failed' ? firstOf(errors?.data ?? []) : null,
  }
}

/** Hundreds of lines may be wrong for one reason. */
function firstOf(errors: readonly OpenAI.BatchError[]): { code: string; message: string } {
  const [first] = errors
  const at = first?.line == null ? '' : ` (line ${first.line})`
  return { code: first?.code ?? 'unknown', message: `${first?.message ?? 'no reason was given'}${at}` }
}
