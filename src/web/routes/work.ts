/** How the work stands: overview with its stream, runs, spend, errors, estimate. */
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { runHistory } from '../../../db/queries/run-history.ts'
import { asFailure } from '../../../schemas/as-failure.ts'
import type { EstimatePage } from '../../../schemas/page/estimate.ts'
import type { FieldList, HealthPage } from '../../../schemas/page/health.ts'
import type { Overview, Runs } from '../../../schemas/page/overview.ts'
import type { Errors, SpendPage } from '../../../schemas/page/spend.ts'
import { estimate } from '../../control/estimate/estimate.ts'
import type { PageContext } from '../page-context.ts'
import { readNumber } from '../read-query.ts'
import { errorsView } from '../views/errors.ts'
import { estimateView } from '../views/estimate.ts'
import { fieldList, healthView } from '../views/health.ts'
import { runLine } from '../views/overview.ts'
import { spendView } from '../views/spend.ts'

const RUNS_A_PAGE = 50
/** Between two looks of a stream; a run decides thousands of clusters in between, or none. */
const LOOK_EVERY_MS = 1_000
/** A stream with nothing to tell says that it is there, so that whoever is between does not cut it. */
const SILENT_MOST_MS = 15_000

export function workRoutes(context: PageContext): Hono {
  const { withWorkspace } = context
  return new Hono()
    .get('/overview', async (c) => c.json<Overview>(await context.overview()))
    .get('/events', (c) =>
      streamSSE(
        c,
        async (stream) => {
          let last = ''
          let toldAtMs = context.nowMs()
          while (!stream.aborted && !context.streams.aborted) {
            const { atMs, history, ...told } = await context.overview()
            const text = JSON.stringify(told)
            if (text !== last) {
              last = text
              toldAtMs = atMs
              await stream.writeSSE({ event: 'overview', data: JSON.stringify({ atMs, history, ...told }) })
            } else if (context.nowMs() - toldAtMs > SILENT_MOST_MS) {
              toldAtMs = context.nowMs()
              await stream.writeSSE({ event: 'alive', data: '' })
            }
            await pause(LOOK_EVERY_MS, context.streams)
          }
        },
        // The page asks again; what is wrong is told by every other answer.
        async (cause, stream) => stream.writeSSE({ event: 'failure', data: asFailure(cause).code }),
      ),
    )
    .get('/runs', (c) =>
      withWorkspace(({ control }) => {
        const rows = runHistory(control).before(readNumber(c, 'before'), RUNS_A_PAGE)
        const before = rows.length < RUNS_A_PAGE ? null : rows.at(-1)!.runId
        return c.json<Runs>({ runs: rows.map(runLine), before })
      }),
    )
    .get('/spend', (c) =>
      withWorkspace(async (workspace) =>
        c.json<SpendPage>(spendView(workspace, await context.spend(workspace))),
      ),
    )
    .get('/errors', (c) =>
      withWorkspace(async (workspace) => c.json<Errors>(errorsView(await context.errors(workspace)))),
    )
    .get('/estimate', (c) =>
      withWorkspace(async (workspace) => {
        const config = context.loadConfig()
        const found = await estimate(workspace, config, context.promptText(config))
        return c.json<EstimatePage>(estimateView(found))
      }),
    )
    .get('/fields', (c) => withWorkspace((workspace) => c.json<FieldList>(fieldList(workspace))))
    .get('/health/:tag', (c) =>
      withWorkspace((workspace) => c.json<HealthPage>(healthView(workspace, c.req.param('tag')))),
    )
}

/** Ends early when the server does. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
