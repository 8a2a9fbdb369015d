/**
 * The connections of a thread: one client for each request in flight, the one that was used last first.
 *
 * A pool of undici looks for a free client from its first one on, twice a request: with 2,000 in flight that is a
 * twentieth of a call's processor time (0250).
 */
import { buildConnector, Client, type Dispatcher } from 'undici'

/** The caller's signal is the only clock: a model that thinks for long sends no header before it is done. */
const NO_CLOCK = { headersTimeout: 0, bodyTimeout: 0 } as const

interface Origin {
  /** Of all its clients, so that a TLS session is made once and resumed by the others. */
  readonly connect: ReturnType<typeof buildConnector>
  readonly idle: IdleClients
}

export function dispatchThroughIdleClients(): Dispatcher['dispatch'] {
  const origins = new Map<string, Origin>()

  const originOf = (name: string): Origin => {
    const known = origins.get(name) ?? { connect: buildConnector({}), idle: new IdleClients() }
    origins.set(name, known)
    return known
  }

  return (options, handler) => {
    const name = String(options.origin)
    const { connect, idle } = originOf(name)
    const client = idle.take() ?? idle.look(new Client(name, { connect, ...NO_CLOCK }))
    return client.dispatch(options, handler)
  }
}

class IdleClients {
  readonly #stack: Client[] = []
  /** A client may say more than once that it is idle; in the stack twice it would put one request behind another. */
  readonly #inStack = new WeakSet<Client>()

  take(): Client | undefined {
    const client = this.#stack.pop()
    if (client !== undefined) this.#inStack.delete(client)
    return client
  }

  /** Takes the client in whenever it has become idle, also after its connection was lost: it makes another one. */
  look(client: Client): Client {
    return client.on('drain', () => {
      if (this.#inStack.has(client)) return
      this.#inStack.add(client)
      this.#stack.push(client)
    })
  }
}
