/**
 * The field that is published now, open as long as it is the one, with its search index.
 *
 * An index that is missing is made in a thread of its own, since that takes minutes for millions of facts; until it is
 * there, everything but search works.
 */
import { Worker } from 'node:worker_threads'
import { workerFile } from '../../workers/worker-file.ts'
import { currentFieldPath } from '../control/merge/current-field.ts'
import { indexOrderOf } from '../control/search/index-order.ts'
import { fieldNamed } from '../control/status/field-named.ts'
import type { Workspace } from '../control/workspace.ts'
import { type Field, openField } from '../field/open-field.ts'
import type { IndexOrder } from '../field/search/build-index.ts'
import { openSearch, type SearchableField } from '../field/search/open-search.ts'
import { stampOfVectors, type VectorFiles } from '../field/search/open-vectors.ts'

export type Searching =
  | { readonly field: SearchableField; readonly indexing: null }
  | { readonly field: null; readonly indexing: string }

export type FieldKeeper = ReturnType<typeof fieldKeeper>

export function fieldKeeper() {
  let plain: { readonly path: string; readonly field: Field; readonly fieldTag: string } | null = null
  let searchable: {
    readonly path: string
    readonly field: SearchableField
    readonly vectors: VectorFiles
    readonly stamp: string
  } | null = null
  let making: { readonly path: string; readonly worker: Worker; step: string; failure: Error | null } | null =
    null

  const make = (order: IndexOrder): void => {
    const worker = new Worker(new URL(workerFile('search-index')), { workerData: order })
    const job = { path: order.fieldPath, worker, step: 'beginning', failure: null as Error | null }
    worker.on('message', (step: string) => {
      job.step = step
    })
    worker.on('error', (cause) => {
      job.failure = cause
    })
    worker.on('exit', () => {
      if (job.failure === null && making === job) making = null
    })
    making = job
  }

  return {
    /** @throws RffError field_missing */
    published(workspace: Workspace): { readonly field: Field; readonly fieldTag: string } {
      const path = currentFieldPath(workspace)
      if (plain?.path !== path) {
        plain?.field.close()
        plain = null
        const { fieldTag } = fieldNamed(workspace, null)
        plain = { path, fieldTag, field: openField(path, workspace.corpusPath) }
      }
      return plain
    },
    /** @throws RffError field_missing; whatever the making of the index failed with */
    searchable(workspace: Workspace): Searching {
      const path = currentFieldPath(workspace)
      if (searchable?.path === path && searchable.stamp === stampOfVectors(searchable.vectors))
        return { field: searchable.field, indexing: null }
      searchable?.field.close()
      searchable = null
      if (making?.path === path) {
        const { failure, step } = making
        if (failure === null) return { field: null, indexing: step }
        making = null
        throw failure
      }
      const { fieldTag, order } = indexOrderOf(workspace, null)
      const stamp = stampOfVectors(order)
      const field = openSearch(order, fieldTag)
      if (field !== null) {
        searchable = { path, field, vectors: order, stamp }
        return { field, indexing: null }
      }
      make(order)
      return { field: null, indexing: 'beginning' }
    },
    close(): void {
      plain?.field.close()
      searchable?.field.close()
      void making?.worker.terminate()
      plain = null
      searchable = null
      making = null
    },
  }
}
