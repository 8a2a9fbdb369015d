/**
 * How many calls and prompt tokens does covering save against one call a fact?
 *
 * Each corpus is planned by the built command line; tokens are counted with a public tokeniser. How much of the gold a
 * cluster holds together is told by the trial `expand`.
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { PromptCount } from '../contenders/count-prompts.ts'
import { measureContender } from '../support/measure-contender.ts'
import { measureCli } from '../support/our-cli.ts'
import type { Row, Trial, TrialContext } from '../support/trial.ts'

const CORPORA = ['hardsci-small', 'openstax-physics', 'claims', 'bcd', 'obo', 'metamath', 'worldtree', 'oewn']
const SMALL_CORPORA = CORPORA.slice(0, 2)
const DEMO_FACTS = new URL('../../demo/facts.jsonl', import.meta.url).pathname

function inputs({ corporaFolder, isSmall }: TrialContext): [name: string, path: string][] {
  if (corporaFolder === null) return [['demo', DEMO_FACTS]]
  return (isSmall ? SMALL_CORPORA : CORPORA)
    .map((name): [string, string] => [name, join(corporaFolder, `facts-${name}.jsonl`)])
    .filter(([, path]) => existsSync(path))
}

async function countCorpus(name: string, factsPath: string, workFolder: string): Promise<Row> {
  const workspace = join(workFolder, name)
  await measureCli(workspace, ['plan', factsPath, '--shards', '4'])
  const { output } = await measureContender<PromptCount>('count-prompts', {
    shardsFolder: join(workspace, 'shards'),
  })
  rmSync(workspace, { recursive: true })
  const { facts, calls, promptTokens, callsOneByOne, promptTokensOneByOne } = output
  return {
    name,
    cells: {
      facts,
      calls,
      'facts per call': facts / calls,
      'calls saved %': 100 * (1 - calls / callsOneByOne),
      'prompt tokens per fact': promptTokens / facts,
      'one by one': promptTokensOneByOne / facts,
      'prompt tokens saved %': 100 * (1 - promptTokens / promptTokensOneByOne),
    },
  }
}

export const trial: Trial = {
  name: 'asks-saved',
  question: 'How many calls and prompt tokens does covering save against one call a fact?',
  peers: [],
  async run(context) {
    const rows: Row[] = []
    for (const [name, path] of inputs(context)) {
      context.say(name)
      rows.push(await countCorpus(name, path, context.workFolder))
    }
    const notes = [
      'Duplicates are left out on both sides. Tokens by o200k_base, with rules and schema in every request.',
      'A lone fact is structured by the built-in rules and asks nobody.',
    ]
    return { rows, absentPeers: [], notes }
  },
}
