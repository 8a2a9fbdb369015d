/** What the verbs of archive print. */
import * as z from 'zod'
import { archiveRecord } from '../archive.ts'
import { document } from './output.ts'
import { failureSchema } from './trouble.ts'

export const verifiedArchiveSchema = z.strictObject({
  record: archiveRecord,
  /** null: the archive and every file in it are what was recorded. */
  failure: failureSchema.nullable(),
})

export const archiveOutputs = {
  'archive create': document(z.array(archiveRecord)),
  'archive ls': document(z.array(archiveRecord)),
  'archive verify': document(z.array(verifiedArchiveSchema)),
  'archive restore': document(z.array(archiveRecord)),
}
