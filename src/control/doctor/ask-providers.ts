/**
 * Asks each model of the settings one small question, the real one, and says what it can do.
 *
 * It is paid for like any request, but belongs to no run, so it stands in no ledger; what it cost is said.
 */
import type { Cluster } from '../../../schemas/cluster.ts'
import type { Config } from '../../../schemas/config.ts'
import { RffError } from '../../../schemas/failure.ts'
import type { Answer, Request } from '../../../schemas/prompt.ts'
import { type Meter, meterFor } from '../../llm/meter.ts'
import type { RemoteProvider } from '../../llm/provider.ts'
import { providerFor } from '../../llm/provider-for.ts'
import { structureTask } from '../../passes/30-c-structure/task.ts'
import { judge } from '../../runner/judge.ts'
import { type Check, checkOf } from './check.ts'
import { referencesOf } from './check-providers.ts'

const check = checkOf('provider')

/** Three facts need a third of it; a model that thinks aloud needs the rest. */
const ANSWER_LIMIT_TOKENS = 1_024

/** One after the other, in the order of the settings. */
export async function askProviders(config: Config, env: Readonly<Record<string, string>>): Promise<Check[]> {
  const checks: Check[] = []
  for (const reference of referencesOf(config)) checks.push(...(await askOne(config, env, reference)))
  return checks
}

async function askOne(
  config: Config,
  env: Readonly<Record<string, string>>,
  reference: string,
): Promise<Check[]> {
  const name = `${reference} asked`
  try {
    const { provider, model } = providerFor(reference, { providers: config.providers, env })
    if (provider.kind === 'local') return []
    const meter = await meterFor(provider.name, model, config.prices)
    return [await question(config, provider, { name, model, meter })]
  } catch (cause) {
    if (!(cause instanceof RffError)) throw cause
    return [check('fail', name, `${cause.code}: ${cause.message}`)]
  }
}

interface Asking {
  readonly name: string
  readonly model: string
  readonly meter: Meter
}

async function question(
  config: Config,
  provider: RemoteProvider,
  { name, model, meter }: Asking,
): Promise<Check> {
  const task = structureTask({ relationTypes: config.structure.relationTypes })
  const request: Request = {
    task: task.name,
    lane: 'primary',
    model,
    messages: task.ask(CLUSTER),
    schema: task.answerSchema,
    sampling: config.sampling,
    answerLimitTokens: ANSWER_LIMIT_TOKENS,
  }
  const reply = await askTwiceAtMost(provider, request, config.run.deadlineMs)
  if (!reply.ok) return check('fail', name, `${reply.failure.code}: ${reply.failure.message}`)
  const { answer } = reply
  const { verdict, findings } = judge(task, CLUSTER, answer)
  const codes = [...new Set(findings.map(({ code }) => code))].sort()
  const isSchemaKept = task.parser.safeParse(jsonIn(answer.text)).success
  const isLimitKept = answer.usage.isBound === true || answer.usage.answerTokens <= ANSWER_LIMIT_TOKENS
  const parts = [
    `${answer.model} answered in ${answer.latencyMs} ms`,
    describeUsage(answer, meter),
    isSchemaKept ? 'schema kept' : 'schema not kept, so expect repairs',
    isLimitKept ? 'answer limit kept' : 'answer limit not kept: no budget holds',
    verdict === 'ok' ? 'answer valid' : `answer ${verdict} (${codes.join(', ')})`,
  ]
  const state = !isLimitKept ? 'fail' : isSchemaKept && verdict !== 'bad' ? 'ok' : 'warn'
  return check(state, name, parts.join('; '))
}

/** A parameter that the server refuses is left out once, as in a run. */
async function askTwiceAtMost(provider: RemoteProvider, request: Request, deadlineMs: number) {
  const reply = await provider.ask(request, AbortSignal.timeout(deadlineMs))
  const mayGoAgain = !reply.ok && reply.failure.rejectedParameter !== undefined
  return mayGoAgain ? provider.ask(request, AbortSignal.timeout(deadlineMs)) : reply
}

function describeUsage({ usage, serviceTier }: Answer, meter: Meter): string {
  const { promptTokens, answerTokens, isBound } = usage
  if (isBound === true) return 'it told no usage, so worst cases are booked'
  const cost =
    meter.price === null ? '' : `, $${(meter.actual(usage, { serviceTier }).microUsd / 1_000_000).toFixed(6)}`
  return `${promptTokens} prompt and ${answerTokens} answer tokens${cost}`
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whatever else the text holds, it is not the bare object that was asked for.
    return undefined
  }
}

const fact = (i: number, text: string): Cluster['members'][number] => ({
  i,
  standing: i === 0 ? 'seed' : 'member',
  factId: `doctor-${i}`,
  dupGroupId: `doctor-${i}`,
  domain: 'Physics',
  text,
})

const CLUSTER: Cluster = {
  clusterId: 'doctor',
  seedFactId: 'doctor-0',
  round: 0,
  domain: 'Physics',
  isLone: false,
  members: [
    fact(0, 'Refraction is the bending of a wave as it passes from one medium into another.'),
    fact(1, 'Refraction of light is described by the law of Snell.'),
    fact(2, 'Refraction makes a straw in a glass of water look bent.'),
  ],
}
