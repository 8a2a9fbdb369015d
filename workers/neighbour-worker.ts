/** Thread entry of PassX: fills pages of the shared neighbour lists. Loaded by URL, never imported. */
import { workerData } from 'piscina'
import { createPageSearch, type SearchJob, type SearchPage } from '../src/passes/20-x-expand/search-page.ts'

const search = createPageSearch(workerData as SearchJob)

export default function searchPage(page: SearchPage): void {
  search(page)
}
