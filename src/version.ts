import { readFileSync } from 'node:fs'

/** The version in package.json, which lies two folders above the built file and one above the source. */
export function programVersion(): string {
  const levels = import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json'
  const { version } = JSON.parse(readFileSync(new URL(levels, import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}
