import { expect, test } from 'vitest'
import { csvCell } from '../../src/field/export/csv.ts'
import { xml } from '../../src/field/export/graphml.ts'

test.each([
  ['=1+1', "'=1+1"],
  ['  @SUM(A1)', "'  @SUM(A1)"],
  ['-2 degrees', "'-2 degrees"],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  [-5, '-5'],
  ['', '""'],
  [null, ''],
  ['x = 1', 'x = 1'],
  ['a,b', '"a,b"'],
] as const)('the cell %j is written %j', (cell, expected) => {
  expect(csvCell(cell)).toBe(expected)
})

test('what XML cannot hold is replaced, and nothing opens a tag', () => {
  expect(xml('a<b>&"\u0001\r\ud800')).toBe('a&lt;b&gt;&amp;&quot;\ufffd&#13;\ufffd')
})
