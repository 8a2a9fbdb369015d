/**
 * Libraries that stand between a real process and its system, loaded into it with LD_PRELOAD: they kill it at one call
 * of many, move its clock, write down what it does to a disk, or fail as a broken disk does. Nothing of ours is patched.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newSharedFolder } from '../shared-folder.ts'

export type Preload = 'die-at' | 'shift-clock' | 'disk'

/** Linux only, and only where a C compiler is. */
export const canPreload: boolean =
  process.platform === 'linux' && spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0

const built = new Map<Preload, string>()

/** @returns the path of the library, compiled once in a process */
export function preload(name: Preload): string {
  const known = built.get(name)
  if (known !== undefined) return known
  const library = join(newSharedFolder('rff-preload-'), `${name}.so`)
  const source = fileURLToPath(new URL(`./${name}.c`, import.meta.url))
  const { status, stderr } = spawnSync(
    'cc',
    ['-shared', '-fPIC', '-O1', '-Wall', '-Werror', '-o', library, source, '-ldl'],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`${source} does not compile: ${stderr}`)
  built.set(name, library)
  return library
}
