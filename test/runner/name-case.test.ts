import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Finding } from '../../schemas/finding.ts'
import { signatureOf } from '../../src/runner/name-case.ts'

const about = (...relTypes: (string | undefined)[]): Finding[] =>
  relTypes.map((relType) => ({
    code: 'relation_cycle',
    at: '',
    message: '',
    ...(relType === undefined ? {} : { relType }),
  }))

test('a group is named by codes, relation types in the order of letters, and the domain', () => {
  const findings = about('refines', undefined, 'depends_on', 'refines')
  expect(signatureOf(['json_invalid', 'relation_cycle'], findings, 'Optics')).toBe(
    'json_invalid+relation_cycle | depends_on+refines | Optics',
  )
})

test('cases without a relation at fault leave the place of the types empty', () => {
  expect(signatureOf(['relation_cycle'], about(undefined), 'Optics')).toBe('relation_cycle |  | Optics')
})

test('whatever a model makes up as a type, the name is one short line that storing does not change', () => {
  const storedAs = (text: string): string => new TextDecoder().decode(new TextEncoder().encode(text))
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 90 }), { maxLength: 12 }), (types) => {
      const signature = signatureOf(['relation_type_unknown'], about(...types, '\ud800'), '')
      expect(signature).not.toMatch(/\p{Cc}/u)
      // Eight types of forty characters, each shown as its number where it cannot be printed.
      expect(signature.length).toBeLessThan(8 * 40 * '\\u{10ffff}'.length + 100)
      expect(storedAs(signature)).toBe(signature)
    }),
    { numRuns: 40 },
  )
})
