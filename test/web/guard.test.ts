/** Who is answered, and with what: the server asked directly, as no browser would. */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'

import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as z from 'zod'
import { estimatePageSchema } from '../../schemas/page/estimate.ts'
import {
  conceptPageSchema,
  edgePageSchema,
  evidencePageSchema,
  factPageSchema,
  indexingSchema,
  memberPageSchema,
  neighbourhoodSchema,
} from '../../schemas/page/field.ts'
import { fieldListSchema, healthPageSchema } from '../../schemas/page/health.ts'
import { overviewSchema, runsSchema } from '../../schemas/page/overview.ts'
import { caseGroupsSchema, caseListSchema, caseSchema, checkedSchema } from '../../schemas/page/quarantine.ts'
import { errorsSchema, spendPageSchema } from '../../schemas/page/spend.ts'
import { apiErrorSchema } from '../../schemas/page/trouble.ts'
import { searchResultSchema } from '../../schemas/search.ts'
import { pageToken } from '../../src/web/page-token.ts'
import type { ServedPage } from '../../src/web/serve-page.ts'
import type { World } from '../support/demo-world.ts'
import { folderOfFile, newFolder } from '../support/folder.ts'
import { commonestRelation, pageWorld, serveWorld, TOKEN } from '../support/page/page-world.ts'

const ROUTES = new URL('../../src/web/routes/', import.meta.url)

const folder = folderOfFile()
let world: World
let served: ServedPage
beforeAll(async () => {
  world = await pageWorld({ folder, every: 30, byRules: 30, hostile: [] })
  served = await serveWorld(world)
})
afterAll(() => served?.close())

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

interface Ask {
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
  readonly body?: string
}

const AUTHORISED = { authorization: `Bearer ${TOKEN}` }

/** @param path goes out as it stands here: a URL would fold its dots away */
function ask(path: string, { headers = AUTHORISED, method = 'GET', body }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(served.origin)
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function told<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const { status, text } = await ask(`/api${path}`)
  expect([path, status]).toEqual([path, 200])
  return schema.parse(JSON.parse(text))
}

test('data need the token; the page itself does not, and holds none', async () => {
  const wrong: Record<string, string>[] = [{}, { authorization: 'Bearer wrong' }, { authorization: TOKEN }]
  for (const headers of wrong)
    for (const path of ['/api/overview', '/api/events', '/metrics'])
      expect((await ask(path, { headers })).status).toBe(401)
  const page = await ask('/', { headers: {} })
  expect(page.status).toBe(200)
  expect(page.text).not.toContain(world.dir)
})

test('another name for this machine is refused, its addresses are not', async () => {
  const status = async (host: string): Promise<number> =>
    (await ask('/api/overview', { headers: { ...AUTHORISED, host } })).status
  expect(await status('evil.example')).toBe(403)
  expect(await status('localhost.evil.example:80')).toBe(403)
  for (const host of ['localhost:1', '127.0.0.1', '[::1]:4317']) expect(await status(host)).toBe(200)
})

test('a page of elsewhere may neither read nor change anything', async () => {
  const body = JSON.stringify({ clusterIds: ['clu_x'], signature: null })
  const json = { 'content-type': 'application/json' }
  const post = (headers: Record<string, string>): Promise<Answer> =>
    ask('/api/quarantine/retry', { method: 'POST', headers, body })
  expect(
    (await ask('/api/overview', { headers: { ...AUTHORISED, origin: 'https://evil.example' } })).status,
  ).toBe(403)
  expect((await post({ ...AUTHORISED, ...json, origin: 'https://evil.example' })).status).toBe(403)
  expect((await post({ ...AUTHORISED, ...json, origin: 'null' })).status).toBe(403)
  expect((await post({ ...json, origin: served.origin })).status).toBe(401)
  // What a form can send without being asked first.
  expect((await post({ ...AUTHORISED, 'content-type': 'text/plain', origin: served.origin })).status).toBe(
    415,
  )
  expect((await post({ ...AUTHORISED, ...json, origin: served.origin })).status).toBe(404)
})

/** Every route that changes something, from the source: one that is added is asked too. */
const CHANGING = readdirSync(ROUTES).flatMap((file) =>
  [...readFileSync(new URL(file, ROUTES), 'utf8').matchAll(/\.(?:post|put|patch|delete)\('([^']+)'/g)].map(
    ([, path]) => `/api${path!.replace(':id', 'clu_x')}?shard=0`,
  ),
)
const JSON_BODY = { 'content-type': 'application/json' }

const refusals: readonly [string, number, () => Record<string, string>][] = [
  ['without a token', 401, () => ({ ...JSON_BODY, origin: served.origin })],
  ['with a wrong token', 401, () => ({ ...JSON_BODY, authorization: 'Bearer x', origin: served.origin })],
  ['from a page of elsewhere', 403, () => ({ ...AUTHORISED, ...JSON_BODY, origin: 'https://evil.example' })],
  ['from a sandboxed frame', 403, () => ({ ...AUTHORISED, ...JSON_BODY, origin: 'null' })],
  [
    'by a browser that tells no origin',
    403,
    () => ({ ...AUTHORISED, ...JSON_BODY, 'sec-fetch-site': 'none' }),
  ],
  [
    'under another name of this machine',
    403,
    () => ({ ...AUTHORISED, ...JSON_BODY, host: 'evil.example', origin: 'http://evil.example' }),
  ],
  ['as a form', 415, () => ({ ...AUTHORISED, 'content-type': 'text/plain', origin: served.origin })],
]

test.each(refusals)('nothing is changed %s: %i, on every route', async (_, status, headersOf) => {
  expect(CHANGING).toHaveLength(4)
  const before = await told('/quarantine/cases', caseListSchema)
  for (const path of CHANGING) {
    const body = JSON.stringify({
      clusterIds: before.cases.map(({ clusterId }) => clusterId),
      signature: null,
    })
    expect([path, (await ask(path, { method: 'POST', headers: headersOf(), body })).status]).toEqual([
      path,
      status,
    ])
  }
  expect(await told('/quarantine/cases', caseListSchema)).toEqual(before)
})

test.each([
  '/../../../../etc/passwd',
  '/..%2f..%2f..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/..%5c..%5c..%5cetc%5cpasswd',
  '/main.js/../../../../package.json',
  '/main.js%00.html',
  '//etc/passwd',
  '/api/../page.token',
  '/api/health/..%2f..%2f..%2fetc%2fpasswd',
  '/api/health/%2e%2e',
  '/api/concepts/..%2f..%2fpage.token',
  '/api/facts/%2fetc%2fpasswd',
])('the path %s leads to no file', async (path) => {
  const { status, text } = await ask(path)
  expect([400, 404]).toContain(status)
  expect(apiErrorSchema.parse(JSON.parse(text)).error.code).toMatch(/^(?:usage|not_found|field_missing)$/)
})

test('every answer says what a browser may do with it, errors too', async () => {
  for (const path of ['/', '/main.js', '/api/overview', '/api/nothing', '/nothing']) {
    const { headers } = await ask(path)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/)
  }
})

test('what cannot be read is an error with a code and what to do', async () => {
  for (const [path, status] of [
    ['/api/concepts/con_none', 404],
    ['/api/facts/none', 404],
    ['/api/health/..%2f..%2fetc', 400],
    ['/api/quarantine/cases/clu_none?shard=0', 404],
    ['/api/quarantine/cases?after=x', 400],
    ['/api/runs?before=-1', 400],
    ['/api/concepts/x/edges?direction=up', 400],
  ] as const) {
    const answer = await ask(path)
    expect([path, answer.status]).toEqual([path, status])
    expect(apiErrorSchema.parse(JSON.parse(answer.text)).error.message).not.toBe('')
  }
  const long = await ask('/api/quarantine/retry', {
    method: 'POST',
    headers: { ...AUTHORISED, 'content-type': 'application/json', origin: served.origin },
    body: `{"clusterIds":["${'x'.repeat(2_000_000)}"],"signature":null}`,
  })
  expect(long.status).toBe(413)
})

test('every answer is what its schema says', async () => {
  for (let made = await ask('/api/search'); made.status === 202; made = await ask('/api/search'))
    indexingSchema.parse(JSON.parse(made.text))
  const overview = await told('/overview', overviewSchema)
  expect(overview.totals.seeds).toBe(world.conservation().seeds)
  expect((await told('/runs', runsSchema)).runs).toHaveLength(2)
  const spend = await told('/spend', spendPageSchema)
  expect(spend.microUsd).toBe(overview.totals.microUsd)
  expect(spend.lines.reduce((sum, { microUsd }) => sum + microUsd, 0)).toBe(spend.microUsd)
  expect(spend.days.reduce((sum, { microUsd }) => sum + microUsd, 0)).toBe(spend.microUsd)
  expect((await told('/errors', errorsSchema)).codes.length).toBeGreaterThan(0)
  await told('/estimate', estimatePageSchema)
  const { current } = await told('/fields', fieldListSchema)
  expect((await told(`/health/${current}`, healthPageSchema)).before).not.toBeNull()

  expect((await ask('/api/search?domain=none')).status).toBe(404)
  const { concepts } = await told(`/search?relation=${commonestRelation(world)}`, searchResultSchema)
  const concept = await told(`/concepts/${concepts[0]!.conceptId}`, conceptPageSchema)
  await told(`/concepts/${concept.conceptId}/members`, memberPageSchema)
  await told(`/concepts/${concept.conceptId}/edges?direction=in`, edgePageSchema)
  await told(`/concepts/${concept.conceptId}/neighbourhood`, neighbourhoodSchema)
  const edge = [...concept.outgoing.edges, ...concept.incoming.edges][0]!
  const { evidence } = await told(`/edges/${edge.edgeId}/evidence`, evidencePageSchema)
  const fact = await told(`/facts/${encodeURIComponent(evidence[0]!.factId)}`, factPageSchema)
  expect(fact.input).toMatch(/facts\.jsonl$/)
})

test('groups and cases count what is in quarantine, and a check changes nothing', async () => {
  const { groups } = await told('/quarantine/groups', caseGroupsSchema)
  const { cases } = await told('/quarantine/cases', caseListSchema)
  expect(groups.reduce((sum, group) => sum + group.cases, 0)).toBe(cases.length)
  expect(cases.length).toBe(world.conservation().quarantined)
  const [first] = cases
  const path = `/quarantine/cases/${first!.clusterId}`
  const before = await told(`${path}?shard=${first!.shardNo}`, caseSchema)
  const checked = await ask(`/api${path}/check?shard=${first!.shardNo}`, {
    method: 'POST',
    headers: { ...AUTHORISED, 'content-type': 'application/json', origin: served.origin },
    body: JSON.stringify({ text: '{"concept":', note: '' }),
  })
  expect(checkedSchema.parse(JSON.parse(checked.text)).findings[0]!.code).toBe('json_invalid')
  expect(await told(`${path}?shard=${first!.shardNo}`, caseSchema)).toEqual(before)
})

test('metrics are in the format of Prometheus and say what the overview says', async () => {
  const { text, headers } = await ask('/metrics')
  const { totals } = await told('/overview', overviewSchema)
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  const value = (state: string): number =>
    [...text.matchAll(new RegExp(`^rff_shard_clusters{shard="\\d+",state="${state}"} (\\d+)$`, 'gm'))].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    )
  expect([value('ok'), value('quarantined')]).toEqual([totals.ok, totals.quarantined])
  expect(text).toMatch(/^rff_shard_conservation_difference 0$/m)
})

test('the token is kept for its owner alone, and made anew where others could have read it', () => {
  const dir = newFolder()
  const first = pageToken(dir, false)
  expect(statSync(first.path).mode & 0o777).toBe(0o600)
  expect(pageToken(dir, false).token).toBe(first.token)
  chmodSync(first.path, 0o644)
  const second = pageToken(dir, false)
  expect(second.token).not.toBe(first.token)
  expect(statSync(first.path).mode & 0o777).toBe(0o600)
  expect(pageToken(dir, true).token).not.toBe(second.token)
  writeFileSync(join(dir, 'page.token'), 'short\n')
  expect(pageToken(dir, false).token).toMatch(/^[\w-]{32}$/)
  expect(readFileSync(first.path, 'utf8')).not.toContain('short')
})
