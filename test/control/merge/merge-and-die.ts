/**
 * A process of its own that merges a world and is killed when a step begins; a test starts it.
 *
 * Arguments: the folder of the world, the step, the number of shards.
 */
import { join } from 'node:path'
import { openDb } from '../../../db/open.ts'
import { mergeField } from '../../../src/control/merge/merge.ts'
import { optionsOf, settingsOf } from './merge-world.ts'

const [dir, fatalStep, shardCount] = process.argv.slice(2)
const fieldDir = join(dir!, 'field')
const place = {
  control: openDb(join(dir!, 'control.sqlite'), 'control', { mode: 'write' }),
  corpusPath: join(dir!, 'corpus.sqlite'),
  fieldDir,
  currentDir: join(fieldDir, '_current'),
  shardFiles: Array.from({ length: Number(shardCount) }, (_, shardNo) => ({
    shardNo,
    path: join(dir!, `${shardNo}.sqlite`),
  })),
}
const onProgress = (step: string): void => {
  if (step === fatalStep) process.kill(process.pid, 'SIGKILL')
}
await mergeField(place, settingsOf(), optionsOf({ now: new Date(Date.UTC(2027, 0, 1)), onProgress }))
