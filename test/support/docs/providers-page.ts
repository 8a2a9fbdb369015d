/** docs/providers.md: each way of naming a model, and what a server got that was asked so. */
import type { ProviderSettings } from '../../../schemas/config.ts'
import type { Request } from '../../../schemas/prompt.ts'
import { PROFILES } from '../../../src/llm/profiles.ts'
import type { RemoteProvider } from '../../../src/llm/provider.ts'
import { profileOf, providerFor } from '../../../src/llm/provider-for.ts'
import { parseReference } from '../../../src/llm/reference.ts'
import { type Recorded, recordRequests } from './record-requests.ts'

const HEAD = `# Models and their servers

A model is named by a reference, in \`[models]\` of \`rff.toml\` or with \`--model\`. Below is what each kind of reference sends: recorded by a
server that writes down what it gets, with one question of two facts, \`temperature = 0\` and \`seed = 7\`. The key is not shown; what every HTTP client
sends (host, length, encoding) is left out. Nothing else goes out: no platform, no organisation, no name of this machine.

The prompts of a run are longer, and each server may be asked differently than it is told here once it has refused a parameter:
that parameter is then left out for the rest of the process ([why](decisions/0060-compatible-servers.md)).
\`rules\`, the default, sends nothing.

This page is made by \`npm run docs\`.
`

interface Example {
  readonly reference: string
  readonly about: string
  readonly own?: { readonly name: string; readonly settings: ProviderSettings }
}

/** A program that shows what it was given, in place of a model's own client. */
const SHOWS_INPUT = 'process.stdin.on("data", (text) => process.stdout.write(text))'

export const PROVIDER_EXAMPLES: readonly Example[] = [
  {
    reference: 'openai/gpt-5-mini',
    about: 'OpenAI. Takes `run --batch`.',
  },
  { reference: 'ollama/llama3.2:3b', about: 'An Ollama on this machine.' },
  { reference: 'llama3.2:3b', about: 'The same: a name without a slash is a model of the local Ollama.' },
  {
    reference: 'ollama_cloud/gpt-oss:120b',
    about: "Ollama's cloud takes a schema and does not keep it, so it stands in the prompt.",
  },
  { reference: 'glm-4.6:cloud', about: 'The same, as Ollama writes it.' },
  {
    reference: 'openrouter/qwen/qwen3-32b',
    about: 'OpenRouter, with a vendor. What it says an answer cost (`usage.cost`) is what is booked.',
  },
  { reference: 'opencode/grok-code', about: 'OpenCode Zen.' },
  { reference: 'kimi/kimi-k2', about: 'Moonshot. Its temperature is fixed, so none is sent.' },
  {
    reference: 'vllm/Qwen/Qwen3-8B',
    about: 'A server of your own. Whatever is not set is as OpenAI has it, but for `max_tokens`.',
    own: {
      name: 'vllm',
      settings: { baseUrl: 'http://10.0.0.7:8000/v1', rejectedParameters: ['seed'] },
    },
  },
  {
    reference: 'proxy/some-model',
    about: 'One with a key, that keeps no schema and knows nothing of JSON mode.',
    own: {
      name: 'proxy',
      settings: {
        baseUrl: 'https://llm.example.org/api/v1',
        keyVariable: 'PROXY_KEY',
        structuredOutput: 'none',
        answerLimitParameter: 'max_completion_tokens',
      },
    },
  },
]

const requestOf = (model: string): Request => ({
  task: 'example',
  lane: 'primary',
  model,
  messages: [
    { role: 'system', content: 'Say which fact is the more general one.' },
    { role: 'user', content: '0: A cat is an animal.\n1: Cats purr.' },
  ],
  schema: {
    name: 'example',
    json: {
      type: 'object',
      properties: { i: { type: 'integer' } },
      required: ['i'],
      additionalProperties: false,
    },
    digest: '0'.repeat(64),
  },
  sampling: { temperature: 0, seed: 7 },
  answerLimitTokens: 1_000,
  clientRequestId: 'rff-3f9c1a2b-17',
})

/** As `embed` and a search ask for vectors. */
const VECTORS: Example = {
  reference: 'openai/text-embedding-3-small',
  about:
    'What `rff-shard embed` sends, and a search after it: under `[embeddings]` every reference but `rules` and a program may stand. `dimensions` goes along where it is set. A server that refuses `encoding_format` is asked without it, and one that sends numbers all the same is understood. See [search.md](search.md).',
}

const askForVector: Ask = async (provider, model) =>
  provider.embed!(
    { model, texts: ['heat\nenergy that flows'], dimensions: null, clientRequestId: 'rff-embedding-17' },
    AbortSignal.timeout(10_000),
  )

type Ask = (
  provider: RemoteProvider,
  model: string,
) => Promise<{ ok: true } | { ok: false; failure: { readonly message: string } }>

const askForAnswer: Ask = (provider, model) => provider.ask(requestOf(model), AbortSignal.timeout(10_000))

/** The real provider with the real path; only the host is the recording server's. */
export async function recordReference(
  { reference, own }: Example,
  ask: Ask = askForAnswer,
): Promise<Recorded & { url: string }> {
  const ownProviders = own === undefined ? {} : { [own.name]: own.settings }
  const { provider: name } = parseReference(reference, ownProviders)
  const { baseUrl, keyVariable } = profileOf(name, own?.settings)
  const env = keyVariable === null ? {} : { [keyVariable]: 'sk-0123456789' }
  const recorded = await recordRequests(async (origin) => {
    const settings = { ...own?.settings, baseUrl: `${origin}${new URL(baseUrl).pathname}` }
    const { provider, model } = providerFor(reference, { providers: { [name]: settings }, env })
    if (provider.kind === 'local') throw new Error(`${reference} sends nothing`)
    const reply = await ask(provider, model)
    if (!reply.ok) throw new Error(`${reference}: ${reply.failure.message}`)
  })
  const [request, ...more] = recorded
  if (request === undefined || more.length > 0)
    throw new Error(`${reference} sent ${recorded.length} requests`)
  return { ...request, url: `${new URL(baseUrl).origin}${request.path}` }
}

async function recordCommand(): Promise<string> {
  const command = [process.execPath, '-e', SHOWS_INPUT, '{model}']
  const { provider, model } = providerFor('mine/large', { providers: { mine: { command } }, env: {} })
  if (provider.kind === 'local') throw new Error('a program is not local')
  const reply = await provider.ask(requestOf(model), AbortSignal.timeout(10_000))
  if (!reply.ok) throw new Error(reply.failure.message)
  return reply.answer.text
}

export async function providersPage(): Promise<string> {
  const parts: string[] = [HEAD, keysPart()]
  for (const example of PROVIDER_EXAMPLES) parts.push(partOf(example, await recordReference(example)))
  parts.push(partOf(VECTORS, await recordReference(VECTORS, askForVector)))
  parts.push(commandPart(await recordCommand()))
  return parts.join('\n')
}

function keysPart(): string {
  const rows = Object.values(PROFILES).map(
    ({ name, baseUrl, keyVariable }) =>
      `| \`${name}/\` | \`${baseUrl}\` | ${keyVariable === null ? 'none' : `\`${keyVariable}\``} |`,
  )
  return [
    '| reference | address | variable with the key |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'A key is read from the environment, or from a file that `RFF_KEYS_FILE` names: lines of `NAME=value`, mode 0600, or it is refused.',
    'It goes to its own server and nowhere else: not into the settings, the workspace, a log or a message. One that is missing is an',
    'error of whoever uses the model (`provider_key_missing`, with the name of the variable), and of nobody else.',
    '',
  ].join('\n')
}

function partOf(
  { reference, about, own }: Example,
  { method, url, headers, body }: Recorded & { url: string },
) {
  return [
    `## \`${reference}\`\n\n${about}\n`,
    ...(own === undefined ? [] : [settingsOf(own)]),
    '```http',
    `${method} ${url}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    JSON.stringify(body, null, 2),
    '```\n',
  ].join('\n')
}

function settingsOf({ name, settings }: NonNullable<Example['own']>): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  return ['```toml', `[providers.${name}]`, ...lines, '```\n'].join('\n')
}

const commandPart = (input: string): string =>
  [
    '## `mine/large`, a program of your own\n',
    'A model behind its own command line and its own login. `{model}` in an argument is the model; without one the reference is `mine`.',
    'Two patterns tell its usage window (exit 5) and a missing login (exit 6) from an answer.',
    'It sees the environment without the keys of other providers; one of its own is named by `keyVariable`.\n',
    '```toml',
    '[providers.mine]',
    'command = ["my-model", "--model", "{model}"]',
    'windowExhaustedPattern = "usage limit reached"',
    'notLoggedInPattern = "please run my-model login"',
    '```\n',
    'What it reads from its standard input:\n',
    '```',
    input,
    '```\n',
  ].join('\n')
