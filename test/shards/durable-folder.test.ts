import { statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from '../../shards/durable-folder.ts'
import { newFolder } from '../support/folder.ts'

test('a folder is made with those above it, and one that is there, or that a link leads to, is taken as it is', () => {
  const root = newFolder()
  makeFolder(join(root, 'a/b/c'))
  makeFolder(join(root, 'a/b/c'))
  symlinkSync('a', join(root, 'link'))
  makeFolder(join(root, 'link'))
  makeFolder(join(root, 'link/b/d'))
  expect(statSync(join(root, 'a/b/d')).isDirectory()).toBe(true)
})

test.each([
  ['a file', (path: string) => writeFileSync(path, '')],
  ['a link that leads nowhere', (path: string) => symlinkSync('nowhere', path)],
  ['a link that leads to itself', (path: string) => symlinkSync(path, path)],
])('%s in the way is told', (_, put) => {
  const path = join(newFolder(), 'taken')
  put(path)
  expect(() => makeFolder(path)).toThrow(
    expect.objectContaining({ code: 'file_exists', message: expect.stringContaining(path) }),
  )
})
