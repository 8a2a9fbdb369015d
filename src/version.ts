import { readFileSync } from 'node:fs'
import { packageRoot } from './package-root.ts'

/** As package.json has it. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as {
    version: string
  }
  return version
}
