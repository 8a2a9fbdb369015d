import { afterEach, beforeEach, expect, test } from 'vitest'
import { controlGrantQueries } from '../../../db/queries/control-grants.ts'
import { audit } from '../../../src/control/audit/audit.ts'
import { openRunBudget, setCaps } from '../../../src/control/steer/set-caps.ts'
import { type HandMade, makeWorkspace } from '../../support/hand-made-workspace.ts'

let world: HandMade
let grants: ReturnType<typeof controlGrantQueries>
beforeEach(async () => {
  world = await makeWorkspace()
  grants = controlGrantQueries(world.workspace.control)
  grants.setCaps(world.runId, { microUsd: 1_000, tokens: null, calls: 10 })
})
afterEach(() => world.remove())

const NONE = { microUsd: null, tokens: null, calls: null }
const need = (microUsd: number) => ({ microUsd, tokens: 0, calls: 1 })

const faultsOfControl = async (): Promise<string[]> => {
  const { checks } = await audit(world.workspace, { isDeep: false })
  return checks
    .filter(({ passed, skipped, file }) => !passed && skipped === null && file.includes('control'))
    .map(({ name }) => name)
}

test('a cap that is raised has room for what did not fit', () => {
  expect(grants.issue(world.runId, 0, need(5_000))).toBeNull()
  expect(setCaps(world.workspace, { ...NONE, microUsd: 6_000 }, 0).caps).toEqual({
    microUsd: 6_000,
    tokens: null,
    calls: 10,
  })
  expect(grants.issue(world.runId, 0, need(5_000))).toMatchObject({ microUsd: 5_000 })
})

test('a cap below what is granted stops new grants, takes none back, and breaks no law', async () => {
  const grant = grants.issue(world.runId, 0, need(800))!
  const { granted, caps } = setCaps(world.workspace, { ...NONE, microUsd: 500 }, 0)
  expect({ granted: granted.microUsd, cap: caps.microUsd }).toEqual({ granted: 800, cap: 500 })
  expect(grants.issue(world.runId, 0, need(1))).toBeNull()
  expect(grants.outstanding(world.runId, 0)).toHaveLength(1)
  expect(await faultsOfControl()).toEqual([])
  grants.credit([{ ...grant, microUsd: 100 }])
  expect(grants.issue(world.runId, 0, need(400))).toMatchObject({ microUsd: 400 })
  expect(grants.issue(world.runId, 0, need(1))).toBeNull()
})

test('more granted than any cap ever allowed is found by the audit', async () => {
  grants.issue(world.runId, 0, need(800))
  world.workspace.control.exec('UPDATE grants SET micro_usd = 1001')
  expect(await faultsOfControl()).toEqual(['grants_within_caps'])
})

test('a kind of cap that the run was begun without is refused, and nothing is set', () => {
  expect(() => setCaps(world.workspace, { microUsd: 9, tokens: 9, calls: null }, 0)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining('--max-tokens') }),
  )
  expect(openRunBudget(world.workspace)!.caps).toEqual({ microUsd: 1_000, tokens: null, calls: 10 })
})

test('without an open run there is nothing to cap', () => {
  world.workspace.control.exec("UPDATE runs SET state = 'closed'")
  expect(openRunBudget(world.workspace)).toBeNull()
  expect(() => setCaps(world.workspace, { ...NONE, calls: 5 }, 0)).toThrow(
    expect.objectContaining({ code: 'not_found' }),
  )
})
