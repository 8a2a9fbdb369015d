/** What health prints. */
import { healthSchema } from '../health.ts'
import { document } from './output.ts'

export const healthOutputs = { health: document(healthSchema) }
