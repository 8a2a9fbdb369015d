import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROFILES } from '../../src/llm/profiles.ts'
import { PROVIDER_EXAMPLES, providersPage, recordReference } from '../support/docs/providers-page.ts'

test('docs/providers.md is what each reference sends today', async () => {
  const page = readFileSync(new URL('../../docs/providers.md', import.meta.url), 'utf8')
  expect(await providersPage()).toBe(page)
})

test('every server that is known by name has an example', () => {
  const shown = PROVIDER_EXAMPLES.map(({ reference }) => reference.split('/')[0])
  for (const name of Object.keys(PROFILES)) expect(shown).toContain(name)
})

test.each(PROVIDER_EXAMPLES)(
  '$reference sends its key in one header, and no header but ours',
  async (example) => {
    const { headers, body, url } = await recordReference(example)
    const names = headers.map(([name]) => name).filter((name) => name !== 'authorization')
    expect(names.sort()).toEqual(['accept', 'content-type', 'user-agent', 'x-client-request-id'])
    expect(JSON.stringify([headers, body, url])).not.toContain('sk-0123456789')
  },
)
