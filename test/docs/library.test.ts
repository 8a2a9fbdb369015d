/** Every example of docs/library.md, run as a program of somebody who installed the package. */
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { factsFile } from '../support/demo-world.ts'
import { newFolder } from '../support/folder.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8')
const examples = [...page.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code!)

/** A folder in which `import 'rff-shard'` finds the built package. */
function setup(): string {
  const dir = newFolder()
  factsFile(dir, 60)
  mkdirSync(join(dir, 'node_modules'))
  symlinkSync(ROOT, join(dir, 'node_modules/rff-shard'))
  return dir
}

async function runProgram(dir: string, code: string): Promise<string> {
  writeFileSync(join(dir, 'example.mjs'), code)
  return (await promisify(execFile)(process.execPath, ['example.mjs'], { cwd: dir })).stdout
}

test('the page has examples', () => expect(examples.length).toBeGreaterThanOrEqual(3))

test.each(examples.map((code, at) => [at + 1, code] as const))(
  'example %d runs and prints something',
  async (_, code) => {
    expect(await runProgram(setup(), code)).not.toBe('')
  },
)

test('who walks through a job that fails hears of it, and so does who awaits it', async () => {
  const code = `
    import { plan } from 'rff-shard'
    const job = plan({ workspace: 'w', inputs: ['nothing.jsonl'] })
    const heard = []
    try { for await (const _ of job) heard.push('progress') } catch (error) { heard.push(error.code) }
    try { await job } catch (error) { heard.push(error.code) }
    console.log(JSON.stringify(heard))`
  expect(JSON.parse(await runProgram(setup(), code))).toEqual(['input_not_found', 'input_not_found'])
})

test('a run that is aborted at once leaves everything to do, and the next one does it', async () => {
  const code = `
    import { plan, run } from 'rff-shard'
    await plan({ workspace: 'w', inputs: ['facts.jsonl'] })
    const first = await run({ workspace: 'w', signal: AbortSignal.abort() })
    const second = await run({ workspace: 'w' })
    console.log(JSON.stringify([first.todo > 0, first.counts.ok, second.isClosed]))`
  expect(JSON.parse(await runProgram(setup(), code))).toEqual([true, 0, true])
})
