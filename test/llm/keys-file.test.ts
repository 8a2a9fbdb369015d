import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readKeysFile } from '../../src/llm/keys-file.ts'
import { newFolder } from '../support/folder.ts'

function withFile(text: string, mode = 0o600): string {
  const path = join(newFolder(), 'keys.env')
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

test('keys are read as a shell reads them', () => {
  const path = withFile('# keys\nA_KEY=one\nexport B_KEY="two = 2"\r\n\nC_KEY = \'three\'\nD_KEY=\n')
  expect(readKeysFile(path)).toEqual({ A_KEY: 'one', B_KEY: 'two = 2', C_KEY: 'three', D_KEY: '' })
})

test.each([0o644, 0o640, 0o602])('a file of mode %o is refused, with what to do', (mode) => {
  const path = withFile('A_KEY=one\n', mode)
  expect(() => readKeysFile(path)).toThrow(new RegExp(`has mode 0${mode.toString(8)}.*chmod 600`))
})

test('a line that says nothing is told by its number, not by its text', () => {
  const path = withFile('A_KEY=one\nsk-proj-0123456789\n')
  expect(() => readKeysFile(path)).toThrow(/line 2 of/)
  expect(() => readKeysFile(path)).not.toThrow(/0123456789/)
})

test('a file that is not there is told', () => {
  expect(() => readKeysFile('/nowhere/keys.env')).toThrow(/no file at \/nowhere\/keys\.env/)
})
