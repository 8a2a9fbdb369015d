/** What completion prints. */
import * as z from 'zod'
import { document } from './output.ts'

export const completionOutputs = {
  completion: document(z.strictObject({ shell: z.enum(['bash', 'zsh', 'fish']), script: z.string() })),
}
