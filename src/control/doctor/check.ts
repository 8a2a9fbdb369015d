/** One thing that a doctor looked at. */
export interface Check {
  readonly about: 'runtime' | 'workspace' | 'settings' | 'provider'
  readonly name: string
  /** `warn`: it works, but something is worth knowing. */
  readonly state: 'ok' | 'warn' | 'fail'
  /** What was found, and where it is not ok what to do. */
  readonly found: string
}

export const checkOf =
  (about: Check['about']) =>
  (state: Check['state'], name: string, found: string): Check => ({ about, name, state, found })
