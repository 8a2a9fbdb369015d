import { packageRoot } from '../src/package-root.ts'

/** The built file of a thread, also where the sources run: a thread cannot be started from TypeScript. */
export const workerFile = (
  name: 'gather' | 'intake' | 'neighbour' | 'search-index' | 'shard' | 'text',
): string => new URL(`dist/bundle/${name}-worker.js`, packageRoot).href
