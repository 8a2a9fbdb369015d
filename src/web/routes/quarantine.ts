/** The quarantine: to read, and what a person decides about a case. Only these routes change anything. */
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type * as z from 'zod'
import { RffError } from '../../../schemas/failure.ts'
import {
  acceptRequestSchema,
  type CaseGroups,
  type CaseList,
  type ChangedCases,
  type Checked,
  correctRequestSchema,
  type QuarantineCase,
  retryRequestSchema,
} from '../../../schemas/page/quarantine.ts'
import { QUARANTINE_STATES } from '../../../schemas/states.ts'
import type { ChangedCases as DecidedCases } from '../../control/quarantine/change-cases.ts'
import { checkCorrection } from '../../control/quarantine/check-correction.ts'
import { correctCase } from '../../control/quarantine/correct-case.ts'
import { ALL_CASES } from '../../control/quarantine/list-cases.ts'
import { markCases } from '../../control/quarantine/mark-cases.ts'
import { retryCases } from '../../control/quarantine/retry-cases.ts'
import type { ApiError } from '../api-error.ts'
import type { PageContext } from '../page-context.ts'
import { readNumber, readOneOf, readText } from '../read-query.ts'
import { caseListView, caseView, groupsView } from '../views/quarantine.ts'

const BODY_MOST_BYTES = 1_048_576

export function quarantineRoutes(context: PageContext): Hono {
  const { withWorkspace, nowMs } = context
  return new Hono()
    .use(bodyLimit({ maxSize: BODY_MOST_BYTES, onError: tooLarge }))
    .get('/quarantine/groups', (c) =>
      withWorkspace(async (workspace) => c.json<CaseGroups>(groupsView(await context.groups(workspace)))),
    )
    .get('/quarantine/cases', (c) =>
      withWorkspace((workspace) => {
        const state =
          readText(c, 'state') === null ? null : readOneOf(c, 'state', QUARANTINE_STATES, 'quarantined')
        const slice = { signature: readText(c, 'signature'), code: readText(c, 'code'), state }
        return c.json<CaseList>(caseListView(workspace, slice, readText(c, 'after')))
      }),
    )
    .get('/quarantine/cases/:id', (c) =>
      withWorkspace((workspace) =>
        c.json<QuarantineCase>(caseView(workspace, readNumber(c, 'shard') ?? 0, c.req.param('id'))),
      ),
    )
    .post('/quarantine/retry', async (c) => {
      const { clusterIds, signature } = await readBody(c, retryRequestSchema)
      if (clusterIds.length === 0 && signature === null)
        throw new RffError('usage', 'name clusters or a signature')
      // What a person has decided on is not asked again unless it is named.
      const state = clusterIds.length === 0 ? 'quarantined' : null
      return withWorkspace((workspace) =>
        c.json<ChangedCases>(
          changedOf(retryCases(workspace, { ...ALL_CASES, clusterIds, signature, state }, nowMs())),
        ),
      )
    })
    .post('/quarantine/accept', async (c) => {
      const { clusterIds, note } = await readBody(c, acceptRequestSchema)
      const marking = { state: 'accepted_missing', note } as const
      return withWorkspace((workspace) =>
        c.json<ChangedCases>(changedOf(markCases(workspace, { ...ALL_CASES, clusterIds }, marking, nowMs()))),
      )
    })
    .post('/quarantine/cases/:id/check', async (c) => {
      const { text } = await readBody(c, correctRequestSchema)
      const [clusterId, shardNo] = [c.req.param('id'), readNumber(c, 'shard') ?? 0]
      return withWorkspace((workspace) =>
        c.json<Checked>({
          findings: [...checkCorrection(workspace, context.loadConfig(), { shardNo, clusterId, text })],
        }),
      )
    })
    .post('/quarantine/cases/:id/correct', async (c) => {
      const { text, note } = await readBody(c, correctRequestSchema)
      const clusterId = c.req.param('id')
      return withWorkspace((workspace) => {
        const corrected = correctCase(workspace, context.loadConfig(), { clusterId, text, note }, nowMs())
        return c.json<Checked>({ findings: corrected.ok ? [] : [...corrected.findings] })
      })
    })
}

const tooLarge = (c: Context): Response =>
  c.json<ApiError>(
    {
      error: {
        code: 'request_too_large',
        message: `a request has at most ${BODY_MOST_BYTES} bytes`,
        hint: 'name fewer clusters',
      },
    },
    413,
  )

const changedOf = ({ clusterIds, held }: DecidedCases): ChangedCases => ({
  clusterIds: [...clusterIds],
  held: [...held],
})

/** @throws RffError usage with all that is wrong with it */
async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await c.req.json().catch(() => undefined)
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new RffError(
    'usage',
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  )
}
