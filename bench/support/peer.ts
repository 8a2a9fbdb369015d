/** Other people's packages, installed by `npm run bench:peers` beside the program and not with it. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const PEERS = new URL('../peers/', import.meta.url)
const fromPeers = createRequire(new URL('package.json', PEERS))

export const isInstalled = (name: string): boolean =>
  existsSync(new URL(`node_modules/${name}/package.json`, PEERS))

/** Loads one by its name: an `import` of ours would look beside the program. */
export async function peer<Module>(name: string): Promise<Module> {
  const path = fromPeers.resolve(name)
  return (await import(pathToFileURL(path).href)) as Module
}

/** The same for one that comes as CommonJS, with the names that it exports as they are. */
export const requirePeer = <Module>(name: string): Module => fromPeers(name) as Module
