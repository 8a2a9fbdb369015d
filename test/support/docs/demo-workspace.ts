import { fileURLToPath } from 'node:url'
import { rffShard } from './rff-shard.ts'

const FACTS = fileURLToPath(new URL('../../../demo/facts.jsonl', import.meta.url))

/** Makes `demo-rff` in a folder, as the demo does: the facts that ship with the program, four shards, the built-in rules. */
export function makeDemoWorkspace(dir: string): void {
  const inDemo = ['--workspace', 'demo-rff', '--quiet']
  rffShard([...inDemo, 'plan', FACTS, '--shards', '4'], dir)
  rffShard([...inDemo, 'run'], dir)
  rffShard([...inDemo, 'merge'], dir)
}
