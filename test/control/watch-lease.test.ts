import { hostname } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { type LeaseClaim, leaseQueries } from '../../db/queries/leases.ts'
import { claimLease, tryLease } from '../../src/control/lease.ts'
import { thisProcess } from '../../src/control/this-process.ts'
import { watchLease } from '../../src/control/watch-lease.ts'
import { openWorkspace } from '../../src/control/workspace.ts'
import { newFolder } from '../support/folder.ts'

const LEASE_MS = 600

function setup(holder: Partial<LeaseClaim>) {
  const workspace = openWorkspace(newFolder(), 'create')
  onTestFinished(() => workspace.close())
  const { control } = workspace
  const leases = leaseQueries(control)
  const epoch = leases.claim({ scope: 'merge', beatenBy: 'host', nowMs: 0, ...thisProcess(), ...holder })
  const watch = () => watchLease(control, 'merge', { leaseMs: LEASE_MS, nowMs: () => 0 })
  return { control, leases, epoch, watch }
}

const ELSEWHERE = { machine: 'another machine', holder: 'another machine process 7', pid: 7 }

test('a holder on another machine whose heartbeat moves is named, long before the lease time is over', async () => {
  const { leases, epoch, watch } = setup(ELSEWHERE)
  const beating = setInterval(() => leases.beat('merge', epoch), 100)
  onTestFinished(() => clearInterval(beating))
  expect(await watch()).toMatchObject({ heldBy: 'another machine process 7' })
})

test('a holder on another machine whose heartbeat stands still loses the lease', async () => {
  const { epoch, watch } = setup(ELSEWHERE)
  expect(await watch()).toMatchObject({ epoch: epoch + 1 })
})

test('a host that works on this machine is never taken for dead, since its loop stands still while it works', async () => {
  const { watch } = setup({})
  expect(await watch()).toMatchObject({ heldBy: thisProcess().holder })
})

test('a worker on this machine that stands still loses the lease though its process lives', async () => {
  const { epoch, watch } = setup({ beatenBy: 'worker' })
  expect(await watch()).toMatchObject({ epoch: epoch + 1 })
})

test('a process of the same number that started at another time is another process', () => {
  const { control, epoch } = setup({ pidStarted: 'another boot 1' })
  expect(tryLease(control, 'merge', 0)).toMatchObject({ epoch: epoch + 1 })
})

test('a container under the name of its host has process numbers of its own, so it is watched and not looked for', async () => {
  const { control, watch, leases, epoch } = setup({ machine: `${hostname()} pid:[1]`, pid: 2 ** 22 + 1 })
  expect(tryLease(control, 'merge', 0)).toMatchObject({ seen: { epoch } })
  const beating = setInterval(() => leases.beat('merge', epoch), 100)
  onTestFinished(() => clearInterval(beating))
  expect(await watch()).toMatchObject({ seen: { epoch } })
})

test('who lost a lease is told so, and releasing it frees nobody else s', () => {
  const { control } = setup({ pidStarted: 'another boot 1' })
  const first = claimLease(control, 'merge', 0)
  leaseQueries(control).claim({ scope: 'merge', beatenBy: 'host', nowMs: 0, ...thisProcess() })
  expect(() => first.expectHeld()).toThrow(/merge was taken over by/)
  expect(first.beat()).toBe(false)
  first.release()
  expect(leaseQueries(control).get('merge')?.holder).toBe(thisProcess().holder)
})
