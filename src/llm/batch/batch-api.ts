/** What a provider that takes batches can do. Failures come back as data; nothing here throws. */
import type { AskFailure, Reply, Request } from '../../../schemas/prompt.ts'

export type Told<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: AskFailure }

/** A batch as the provider shows it. */
export interface BatchSeen {
  readonly id: string
  readonly inputFileId: string
  /** `under_way`: whatever the provider calls it, it is not over. */
  readonly state: 'under_way' | 'completed' | 'expired' | 'cancelled' | 'failed'
  /** The files of lines that have ended, well and badly. */
  readonly resultFileIds: readonly string[]
  /** Of a batch that failed as a whole. */
  readonly failure: { readonly code: string; readonly message: string } | null
}

/** How one line ended. Failed ones are not billed. */
export interface LineResult {
  readonly customId: string
  /** A reply without usage has `isBound` and zeros: the caller knows what was reserved. */
  readonly reply: Reply
}

export interface BatchApi {
  /** One line of a batch's file, without its end of line. */
  lineOf(customId: string, request: Request): string
  /** @returns what the provider calls the file */
  upload(name: string, path: string, signal: AbortSignal): Promise<Told<string>>
  /** The newest file that was uploaded under a name; null where none is listed. */
  findFile(name: string, signal: AbortSignal): Promise<Told<string | null>>
  /** @param intentId stands in the batch's metadata, so that it is found again */
  create(inputFileId: string, intentId: string, signal: AbortSignal): Promise<Told<BatchSeen>>
  /** The batch that was created for an intent; null where none is listed. */
  find(intentId: string, signal: AbortSignal): Promise<Told<BatchSeen | null>>
  look(id: string, signal: AbortSignal): Promise<Told<BatchSeen>>
  /** Hands over a file's lines, some at a time, and waits for each handful to be taken. */
  read(
    fileId: string,
    take: (lines: readonly LineResult[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<Told<void>>
}
