/** A server that peers need, started by a trial and ended by it. */
export interface QueueServer {
  /** What a client is given: the folder of PostgreSQL's socket, or Redis's socket. */
  readonly address: string
  /** Of all its processes so far; null where it cannot be told. */
  cpuMs(): number | null
  stop(): Promise<void>
}
