import { platform } from 'node:os'
import { describe, expect, test } from 'vitest'
import { measureProcess } from '../../bench/support/measure-process.ts'

const node = (script: string, options = {}) => measureProcess(process.execPath, ['-e', script], options)

describe.runIf(platform() === 'linux')('what a program cost', () => {
  test('waiting costs wall time, not processor time', async () => {
    const { wallMs, cpuMs } = await node('setTimeout(() => undefined, 1500)')
    expect(wallMs).toBeGreaterThanOrEqual(1_500)
    expect(cpuMs!).toBeLessThan(1_500)
  })

  test('work is counted, and that of one program is not added to the next', async () => {
    const busy = 'while (process.cpuUsage().user < 6e5) for (let i = 0; i < 1e6; i++);'
    const first = await node(busy)
    const second = await node('0')
    expect(first.cpuMs!).toBeGreaterThanOrEqual(600)
    expect(second.cpuMs!).toBeLessThan(first.cpuMs!)
  })

  test('peak memory is what the program held at its fullest', async () => {
    const { peakBytes } = await node(
      'let b = Buffer.alloc(2e8, 1); b = null; setTimeout(() => undefined, 200)',
    )
    expect(peakBytes!).toBeGreaterThan(2e8)
  })
})

test('a program that fails is an error with what it said', async () => {
  await expect(node('console.error("no such thing"); process.exit(4)')).rejects.toThrow(
    /ended with 4.*no such thing/su,
  )
  await expect(node('process.exit(4)', { allowsExitCodes: [0, 4] })).resolves.toBeDefined()
})
