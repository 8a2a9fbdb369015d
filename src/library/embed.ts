import { SEARCH_KINDS } from '../../schemas/search.ts'
import { environment } from '../config/load.ts'
import { type EmbedSummary, embed as embedWorkspace } from '../control/embed/embed.ts'
import type { Filled } from '../control/embed/fill-vectors.ts'
import { capsOf } from './caps.ts'
import { type Job, job } from './job.ts'
import { inWorkspace, type Place } from './place.ts'

export interface EmbedRequest extends Place {
  /** The facts of the field too. */
  readonly facts?: boolean
  /** Of the whole build, over every start until nothing is left to do. */
  readonly maxUsd?: number
  readonly maxTokens?: number
  readonly maxCalls?: number
  /** The published field if not given. */
  readonly fieldTag?: string
  /** Texts that the model refused before are asked for again. */
  readonly retryRefused?: boolean
  /** Variables that hold the providers' keys; those of the process if not given. */
  readonly env?: Readonly<Record<string, string>>
}

export type EmbedProgress = Filled

/** Gives every concept its vector. Why it stopped early, if it did, is in the summary. */
export const embed = (request: EmbedRequest): Job<EmbedProgress, EmbedSummary> =>
  job((tell) =>
    inWorkspace(request, 'use', (workspace, config) => {
      const { facts = false, fieldTag, retryRefused = false, env, signal } = request
      const options = {
        kinds: facts ? SEARCH_KINDS : SEARCH_KINDS.slice(0, 1),
        fieldTag: fieldTag ?? null,
        retriesRefused: retryRefused,
        caps: capsOf(request),
        env: env ?? environment(),
        signal: signal ?? new AbortController().signal,
        say: () => undefined,
        onProgress: tell,
      }
      return embedWorkspace(workspace, config, options, Date.now)
    }),
  )
