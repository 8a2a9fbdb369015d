import { join } from 'node:path'
import type { Profile } from '../../schemas/profile.ts'
import { writeDurably } from './merge/write-durably.ts'

/** Beside what the run or the field left for people; one that was there is replaced. */
export const writeProfile = (dir: string, profile: Profile): void =>
  writeDurably(join(dir, 'profile.json'), `${JSON.stringify(profile, null, 2)}\n`)
