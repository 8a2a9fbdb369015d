import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Db, openDb } from '../../../db/open.ts'
import { conceptIdOf } from '../../../schemas/ids.ts'
import { normaliseName } from '../../../src/language/normalise-name.ts'
import { passMPrime } from '../../../src/passes/50-m-prime-normalise/stage.ts'
import { newFolder } from '../../support/folder.ts'

interface Said {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly gloss: string
  readonly domain?: string
}

const setup = (): Db => openDb(join(newFolder(), 'field.sqlite'), 'field', { mode: 'create' })

function say(db: Db, { name, aliases = [], gloss, domain = '' }: Said, clusterNo: number): string {
  const conceptId = conceptIdOf(normaliseName(name), domain)
  db.prepare('INSERT INTO raw_concepts VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
    conceptId,
    `clu_${clusterNo}`,
    name,
    normaliseName(name),
    gloss,
    JSON.stringify(aliases),
    domain,
    `f${clusterNo}`,
  )
  db.prepare('INSERT INTO raw_members VALUES (?, ?, ?, ?, ?)').run(
    conceptId,
    `f${clusterNo}`,
    `clu_${clusterNo}`,
    `f${clusterNo}`,
    'definition',
  )
  return conceptId
}

const SAID: readonly Said[] = [
  { name: 'Neutron star', gloss: 'the collapsed core of a massive star' },
  { name: 'neutron stars', gloss: 'collapsed cores of massive stars' },
  { name: 'Pulsar', aliases: ['rotating neutron star'], gloss: 'a source of regular radio pulses' },
  { name: 'Deoxyribonucleic acid', aliases: ['DNA'], gloss: 'a polymer that carries genetic instructions' },
  { name: 'DNA', gloss: 'the polymer that carries genetic instructions' },
  { name: 'DNA', gloss: 'a polymer whose sequence carries genetic instructions' },
  { name: 'Depository', aliases: ['Bank'], gloss: 'a company that keeps money' },
  { name: 'Bank', gloss: 'sloping land beside water' },
]

const rowsOf = (db: Db): unknown[] => [
  db.prepare('SELECT * FROM concept_map ORDER BY raw_concept_id').all(),
  db.prepare('SELECT * FROM vetoes ORDER BY 1, 2').all(),
]

test('every raw concept has one canonical concept, which is its own', () => {
  const db = setup()
  SAID.forEach((said, no) => void say(db, said, no))
  const summary = passMPrime.apply(db, { keepDomainsApart: false })
  expect(summary).toMatchObject({ concepts: 7, merged: { alias: 1, near: 1 }, groups: 2, largestGroup: 2 })
  const strays = db
    .prepare(
      `SELECT count(*) AS n FROM concept_map m LEFT JOIN concept_map c ON c.raw_concept_id = m.concept_id
       WHERE c.concept_id IS NOT m.concept_id`,
    )
    .get()
  expect(strays).toEqual({ n: 0 })
  expect(db.prepare("SELECT * FROM audit_dangling WHERE fault LIKE 'raw%'").all()).toEqual([])
})

test('a second run changes nothing', () => {
  const db = setup()
  SAID.forEach((said, no) => void say(db, said, no))
  const first = passMPrime.apply(db, { keepDomainsApart: false })
  const before = rowsOf(db)
  expect(passMPrime.apply(db, { keepDomainsApart: false })).toEqual(first)
  expect(rowsOf(db)).toEqual(before)
})

test('the order in which rows arrived does not matter', () => {
  const [one, other] = [setup(), setup()]
  SAID.forEach((said, no) => void say(one, said, no))
  ;[...SAID.entries()].reverse().forEach(([no, said]) => void say(other, said, no))
  passMPrime.apply(one, { keepDomainsApart: false })
  passMPrime.apply(other, { keepDomainsApart: false })
  expect(rowsOf(other)).toEqual(rowsOf(one))
})

test('what was refused is listed with the name that the two share', () => {
  const db = setup()
  SAID.forEach((said, no) => void say(db, said, no))
  passMPrime.apply(db, { keepDomainsApart: false })
  expect(db.prepare('SELECT reason, via FROM vetoes').all()).toEqual([
    { reason: 'unsupported_alias', via: 'bank' },
  ])
})

test('domains that are kept apart do not meet', () => {
  const db = setup()
  say(db, { name: 'Neutron star', gloss: 'collapsed core of a star', domain: 'physics' }, 1)
  say(db, { name: 'Neutron stars', gloss: 'collapsed core of a star', domain: 'poetry' }, 2)
  expect(passMPrime.apply(db, { keepDomainsApart: true }).groups).toBe(0)
  expect(passMPrime.apply(db, { keepDomainsApart: false }).groups).toBe(1)
})

test('an empty field has an empty map', () => {
  expect(passMPrime.apply(setup(), { keepDomainsApart: false })).toMatchObject({
    concepts: 0,
    largestGroup: 0,
  })
})
