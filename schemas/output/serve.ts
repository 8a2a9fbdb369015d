/** What serve prints once it listens. */
import * as z from 'zod'
import { document } from './output.ts'

export const serveOutputs = {
  serve: document(
    z.strictObject({
      /** With the token: whoever has it may look and act. */
      link: z.url(),
      origin: z.url(),
    }),
  ),
}
