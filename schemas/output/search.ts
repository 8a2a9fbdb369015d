/** What search prints. */
import { searchResultSchema } from '../search.ts'
import { document } from './output.ts'

export const searchOutputs = { search: document(searchResultSchema) }
