/** What init prints. */
import * as z from 'zod'
import { document } from './output.ts'

export const initOutputs = { init: document(z.strictObject({ path: z.string() })) }
