import { expect, test } from 'vitest'
import { asFailure } from '../../schemas/as-failure.ts'

test.each([
  ['is not there', 'Could not locate the bindings file. Tried:\n → /a/build/better_sqlite3.node'],
  [
    'is of another version of Node',
    "The module '/a/better_sqlite3.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 127.",
  ],
])('a program of better-sqlite3 that %s is no fault of ours, and told in one line', (_, message) => {
  expect(asFailure(new Error(message))).toEqual({
    code: 'sqlite_unbuilt',
    message: message.split('\n')[0],
  })
})
