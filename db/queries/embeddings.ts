/** Vectors that were paid for, and the books about them: what was asked, what it cost, what may still be spent. */
import { type Caps, type Cost, fits, minus, NO_COST } from '../../schemas/budget.ts'
import type { Db } from '../open.ts'

/** What tells a model's row. */
export interface StoredModel {
  readonly provider: string
  /** As the provider knows it. */
  readonly model: string
  /** 0 where they were left to the model. */
  readonly dimensionsAsked: number
}

export interface EmbeddingModel {
  readonly modelNo: number
  /** null until the first answer. */
  readonly dimensions: number | null
}

export interface EmbeddingIntent {
  readonly modelNo: number
  /** null for the query of a search. */
  readonly buildId: number | null
  readonly texts: number
  readonly worst: Cost
  readonly sentAtMs: number
}

export interface EmbeddingSettlement {
  readonly requestId: number
  readonly cost: Cost
  readonly latencyMs: number
  readonly providerRequestId: string | null
  readonly answeredModel: string | null
  /** The answer told no usage, so its worst case is booked. */
  readonly isBound: boolean
  /** Set where the answer could not be used: it is paid for all the same. */
  readonly code: string | null
}

export interface StoredVector {
  readonly textDigest: Buffer
  readonly vector: Buffer
}

export interface EmbeddingSpendRow {
  readonly provider: string
  readonly model: string
  readonly purpose: 'build' | 'query'
  readonly state: 'sent' | 'settled' | 'failed' | 'unknown' | 'reconciled'
  readonly requests: number
  readonly texts: number
  readonly tokens: number
  readonly microUsd: number
}

export function embeddingQueries(db: Db) {
  const model = db.prepare<object, EmbeddingModel>(
    `SELECT model_no AS modelNo, dimensions FROM models
     WHERE provider = @provider AND model = @model AND dimensions_asked = @dimensionsAsked`,
  )
  const putModel = db.prepare(
    `INSERT INTO models (provider, model, dimensions_asked) VALUES (@provider, @model, @dimensionsAsked) ON CONFLICT DO NOTHING`,
  )
  const setDimensions = db.prepare('UPDATE models SET dimensions = @dimensions WHERE model_no = @modelNo')
  const sums = `coalesce(sum(micro_usd), 0) AS microUsd, coalesce(sum(tokens), 0) AS tokens, coalesce(sum(calls), 0) AS calls`
  const bookedOfBuild = db.prepare<[number], Cost>(`SELECT ${sums} FROM booked WHERE build_id = ?`)
  const bookedOfQueries = db.prepare<[], Cost>(`SELECT ${sums} FROM booked WHERE build_id IS NULL`)
  const bookedTokensOf = db
    .prepare<[number], number>('SELECT tokens FROM booked WHERE request_id = ?')
    .pluck()
  const intend = db.prepare(
    `INSERT INTO requests (model_no, build_id, texts, state, reserved_micro_usd, reserved_tokens, sent_at_ms)
     VALUES (@modelNo, @buildId, @texts, 'sent', @microUsd, @tokens, @sentAtMs)`,
  )
  const settle = db.prepare(
    `UPDATE requests SET state = 'settled', micro_usd = @microUsd, tokens = @tokens, latency_ms = @latencyMs,
       provider_request_id = @providerRequestId, answered_model = @answeredModel, code = @code, is_bound = @isBound
     WHERE request_id = @requestId`,
  )
  const fail = db.prepare(
    `UPDATE requests SET state = @state, code = @code, http_status = @httpStatus, provider_request_id = @providerRequestId
     WHERE request_id = @requestId`,
  )
  // Nobody holds the lease of building but whoever calls this, so these are of the dead.
  const abandon = db.prepare(
    "UPDATE requests SET state = 'unknown', code = 'interrupted' WHERE state = 'sent' AND build_id IS NOT NULL",
  )
  // A search has no lease. Its deadline is long over, and whoever waited for it is gone.
  const abandonQueries = db.prepare<[number]>(
    "UPDATE requests SET state = 'unknown', code = 'interrupted' WHERE state = 'sent' AND build_id IS NULL AND sent_at_ms < ?",
  )
  const putVector = db.prepare(
    `INSERT INTO vectors (model_no, text_digest, request_id, vector)
     SELECT model_no, @textDigest, request_id, @vector FROM requests WHERE request_id = @requestId ON CONFLICT DO NOTHING`,
  )
  const vector = db
    .prepare<[number, Buffer], Buffer>('SELECT vector FROM vectors WHERE model_no = ? AND text_digest = ?')
    .pluck()
  const known = db
    .prepare<object, 'vector' | 'refused'>(
      `SELECT 'vector' FROM vectors WHERE model_no = @modelNo AND text_digest = @textDigest
       UNION ALL SELECT 'refused' FROM refused WHERE model_no = @modelNo AND text_digest = @textDigest`,
    )
    .pluck()
  const refuse = db.prepare(
    `INSERT INTO refused (model_no, text_digest, request_id, code, message)
     SELECT model_no, @textDigest, request_id, @code, @message FROM requests WHERE request_id = @requestId ON CONFLICT DO NOTHING`,
  )
  const forgetRefused = db.prepare<[number]>('DELETE FROM refused WHERE model_no = ?')
  const spend = db.prepare<[], EmbeddingSpendRow>(
    `SELECT m.provider, m.model, iif(k.build_id IS NULL, 'query', 'build') AS purpose, k.state, count(*) AS requests,
       sum(r.texts) AS texts, sum(k.tokens) AS tokens, sum(k.micro_usd) AS microUsd
     FROM booked k JOIN requests r USING (request_id) JOIN models m ON m.model_no = k.model_no
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
  )

  const reserveWithin = (intent: EmbeddingIntent, caps: Caps, booked: () => Cost): number | null =>
    db
      .transaction(() => {
        const free = minus(
          { microUsd: caps.microUsd ?? 0, tokens: caps.tokens ?? 0, calls: caps.calls ?? 0 },
          booked(),
        )
        if (!fits(intent.worst, free, caps)) return null
        const { microUsd, tokens } = intent.worst
        const { modelNo, buildId, texts, sentAtMs } = intent
        return Number(intend.run({ modelNo, buildId, texts, sentAtMs, microUsd, tokens }).lastInsertRowid)
      })
      // The cap is read and the reservation written under one lock, so no two processes take the same rest of it.
      .immediate()

  return {
    model: (named: StoredModel): EmbeddingModel | undefined => model.get(named),
    ensureModel(named: StoredModel): EmbeddingModel {
      putModel.run(named)
      return model.get(named)!
    },
    bookedOfBuild: (buildId: number): Cost => bookedOfBuild.get(buildId) ?? NO_COST,
    /** Of one request: what it was billed, or its worst case as long as nobody knows. */
    bookedTokensOf: (requestId: number): number => bookedTokensOf.get(requestId)!,
    bookedOfQueries: (): Cost => bookedOfQueries.get() ?? NO_COST,
    /** @returns the id of the request, which may leave now; null where its worst case is not left of the caps */
    reserve: (intent: EmbeddingIntent & { buildId: number }, caps: Caps): number | null =>
      reserveWithin(intent, caps, () => bookedOfBuild.get(intent.buildId) ?? NO_COST),
    reserveQuery: (intent: Omit<EmbeddingIntent, 'buildId'>, caps: Caps): number | null =>
      reserveWithin({ ...intent, buildId: null }, caps, () => bookedOfQueries.get() ?? NO_COST),
    /** What was paid and what it bought, in one commit. @param dimensions of the model, where they were not known */
    settle(
      { cost, isBound, ...told }: EmbeddingSettlement,
      vectors: readonly StoredVector[],
      dimensions: { readonly modelNo: number; readonly dimensions: number } | null,
    ): void {
      db.transaction(() => {
        settle.run({ ...told, isBound: isBound ? 1 : 0, microUsd: cost.microUsd, tokens: cost.tokens })
        if (dimensions !== null) setDimensions.run(dimensions)
        for (const one of vectors) putVector.run({ requestId: told.requestId, ...one })
      })()
    },
    fail: (failed: {
      requestId: number
      state: 'failed' | 'unknown'
      code: string
      httpStatus: number | null
      providerRequestId: string | null
    }): void => void fail.run(failed),
    abandonSent: (): void => void abandon.run(),
    abandonQueries: (sentBeforeMs: number): void => void abandonQueries.run(sentBeforeMs),
    /** The vector of a text, as 32-bit floats. */
    vector: (modelNo: number, textDigest: Buffer): Buffer | undefined => vector.get(modelNo, textDigest),
    known: (modelNo: number, textDigest: Buffer): 'vector' | 'refused' | undefined =>
      known.get({ modelNo, textDigest }),
    refuse: (refused: { requestId: number; textDigest: Buffer; code: string; message: string }): void =>
      void refuse.run(refused),
    /** So that they are asked for again. */
    forgetRefused: (modelNo: number): void => void forgetRefused.run(modelNo),
    /** At worst case where nobody knows whether it was billed. */
    spend: (): EmbeddingSpendRow[] => spend.all(),
  }
}
