import { rffShard } from './rff-shard.ts'

/** Makes `demo-rff` in a folder, by the command that everybody begins with. */
export const makeDemoWorkspace = (dir: string): void => void rffShard(['--quiet', 'demo'], dir)
