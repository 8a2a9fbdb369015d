/** One thing that a doctor looked at. */
import type { Inferred } from '../../../schemas/inferred.ts'
import type { checkSchema } from '../../../schemas/output/doctor.ts'

export type Check = Inferred<typeof checkSchema>

export const checkOf =
  (about: Check['about']) =>
  (state: Check['state'], name: string, found: string): Check => ({ about, name, state, found })
