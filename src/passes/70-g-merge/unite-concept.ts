import type { AliasOrigin, FieldAlias, FieldConcept, RawConcept } from '../../../schemas/field-concept.ts'
import { normaliseName } from '../../language/normalise-name.ts'
import { Ballot } from './ballot.ts'

/**
 * One concept of the field from all that clusters said of it.
 *
 * Whatever most distinct clusters say wins; ties go to the smaller text. Of glosses, which are rarely said twice, an
 * empty one loses to any other and a tie goes to the smallest cluster id, so that length or alphabet do not choose.
 * The name is chosen in two steps, first the normalised form, then its spelling.
 *
 * @param rows all of one canonical concept, at least one; their order makes no difference
 */
export function uniteConcept(rows: readonly RawConcept[]): FieldConcept {
  // Most concepts are the word of one cluster, and nobody has to vote.
  if (rows.length === 1) return conceptOf(rows[0]!)
  const normalisedName = chooseBy(rows, (row) => row.normalisedName)
  const named = rows.filter((row) => row.normalisedName === normalisedName)
  return {
    conceptId: rows[0]!.conceptId,
    name: chooseBy(named, (row) => row.name),
    gloss: chooseGloss(rows),
    domain: chooseBy(rows, (row) => row.domain),
    canonicalFactId: chooseBy(rows, (row) => row.canonicalFactId),
    supportCount: new Set(rows.map((row) => row.clusterId)).size,
    aliases: uniteAliases(rows, normalisedName),
  }
}

function conceptOf(row: RawConcept): FieldConcept {
  const { conceptId, name, normalisedName, gloss, domain, canonicalFactId } = row
  const surfaces = new Map(normalisedName === '' ? [] : [[normalisedName, name]])
  for (const alias of row.aliases) {
    const normalised = normaliseName(alias)
    const known = surfaces.get(normalised)
    if (normalised !== '' && (known === undefined || alias < known)) surfaces.set(normalised, alias)
  }
  const aliases = [...surfaces]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([normalisedAlias, alias]) => ({
      normalisedAlias,
      alias,
      origin: normalisedAlias === normalisedName ? ('name' as const) : ('alias' as const),
      supportCount: 1,
    }))
  return { conceptId, name, gloss, domain, canonicalFactId, supportCount: 1, aliases }
}

function chooseBy(rows: readonly RawConcept[], wordOf: (row: RawConcept) => string): string {
  const first = wordOf(rows[0]!)
  // Most concepts have one row, or rows that agree.
  if (rows.every((row) => wordOf(row) === first)) return first
  const ballot = new Ballot()
  for (const row of rows) ballot.vote(wordOf(row), row.clusterId)
  return ballot.winner()
}

function chooseGloss(rows: readonly RawConcept[]): string {
  const ballot = new Ballot()
  for (const { gloss, clusterId } of rows) if (gloss !== '') ballot.vote(gloss, clusterId)
  return ballot.isEmpty() ? '' : ballot.winnerOfFirstVoter()
}

/** Every surface form that leads to the concept, one row a normalised form. */
function uniteAliases(rows: readonly RawConcept[], normalisedName: string): FieldAlias[] {
  const forms = new Map<string, { ballot: Ballot; isName: boolean }>()
  const add = (normalised: string, surface: string, clusterId: string, isName: boolean): void => {
    if (normalised === '') return
    const form = forms.get(normalised) ?? { ballot: new Ballot(), isName: false }
    form.ballot.vote(surface, clusterId)
    form.isName ||= isName
    forms.set(normalised, form)
  }
  for (const row of rows) {
    add(row.normalisedName, row.name, row.clusterId, true)
    for (const alias of row.aliases) add(normaliseName(alias), alias, row.clusterId, false)
  }
  const originOf = (normalised: string, isName: boolean): AliasOrigin =>
    normalised === normalisedName ? 'name' : isName ? 'merged' : 'alias'
  return [...forms]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([normalisedAlias, { ballot, isName }]) => ({
      normalisedAlias,
      alias: ballot.winner(),
      origin: originOf(normalisedAlias, isName),
      supportCount: ballot.voterCount(),
    }))
}
