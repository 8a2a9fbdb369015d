/** The page's server: its own files for everybody on this machine, data for whoever has the token. */
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { RffError } from '../../schemas/failure.ts'
import { answerError } from './api-error.ts'
import { serveAssets } from './assets.ts'
import { changesFromThePage, fromHere, safeHeaders, withToken } from './guard.ts'
import { type PageContext, type PageSettings, pageContext } from './page-context.ts'
import { fieldRoutes } from './routes/field.ts'
import { metricsRoute } from './routes/metrics.ts'
import { quarantineRoutes } from './routes/quarantine.ts'
import { workRoutes } from './routes/work.ts'

export interface ServedPage {
  /** With the token behind `#`, which no browser sends to a server or writes into a log of one. */
  readonly link: string
  readonly origin: string
  /** Ends open streams and waits for what is being answered. */
  close(): Promise<void>
}

/** @throws RffError usage where the port is taken or the address is not of this machine */
export async function servePage(settings: PageSettings): Promise<ServedPage> {
  const context = pageContext(settings)
  const server = await listen(appOf(settings, context), settings)
  const { address, family, port } = server.address() as AddressInfo
  const name = family === 'IPv6' ? `[${address}]` : address
  const origin = `http://${name}:${port}`
  return {
    origin,
    link: `${origin}/#token=${settings.token}`,
    async close() {
      context.endStreams()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
      context.close()
    },
  }
}

function appOf(settings: PageSettings, context: PageContext): Hono {
  const app = new Hono()
  app.use(safeHeaders, fromHere(settings))
  serveAssets(app)
  app.use('/api/*', withToken(settings), changesFromThePage)
  app.use('/metrics', withToken(settings))
  app.route('/api', workRoutes(context))
  app.route('/api', fieldRoutes(context))
  app.route('/api', quarantineRoutes(context))
  app.route('/', metricsRoute(context))
  app.notFound((c) => answerError(new RffError('not_found', `there is no ${c.req.path} here`), c))
  app.onError(answerError)
  return app
}

function listen(app: Hono, { host, port }: PageSettings): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(server))
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new RffError('usage', `cannot listen on ${host} port ${port}: ${whyNot(cause)}`, { cause })),
    )
  })
}

const WHY_NOT: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there; name another --port, or --port 0 for a free one',
  EADDRNOTAVAIL: 'this machine has no such address; name one of its own with --host',
  ENOTFOUND: 'no host has that name; name an address of this machine with --host',
  EACCES: 'ports below 1024 are for root; name a higher --port',
}

const whyNot = ({ code, message }: NodeJS.ErrnoException): string => WHY_NOT[code ?? ''] ?? message
