/** The quarantine: to read, and what a person decides about a case. Only these routes change anything. */
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { z } from 'zod'
import { RffError } from '../../../schemas/failure.ts'
import {
  type CaseGroups,
  type CaseList,
  type ChangedCases,
  type QuarantineCase,
  retryRequestSchema,
} from '../../../schemas/page-api.ts'
import { QUARANTINE_STATES } from '../../../schemas/states.ts'
import { retryCases } from '../../control/quarantine/retry-cases.ts'
import type { PageContext } from '../page-context.ts'
import { readNumber, readOneOf, readText } from '../read-query.ts'
import { caseListView, caseView, groupsView } from '../views/quarantine.ts'

const BODY_MOST_BYTES = 1_048_576

export function quarantineRoutes(context: PageContext): Hono {
  const { withWorkspace, nowMs } = context
  return new Hono()
    .use(bodyLimit({ maxSize: BODY_MOST_BYTES }))
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
      return withWorkspace((workspace) => {
        const state = clusterIds.length === 0 ? 'quarantined' : null
        const filter = { clusterIds, signature, state, code: null, domain: null, limit: null } as const
        const { clusterIds: retried, held } = retryCases(workspace, filter, nowMs())
        return c.json<ChangedCases>({ clusterIds: [...retried], held: [...held] })
      })
    })
}

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
