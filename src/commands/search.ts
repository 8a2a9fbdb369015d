import { RffError } from '../../schemas/failure.ts'
import { SEARCH_KINDS, type SearchResult } from '../../schemas/search.ts'
import { indexOrderOf } from '../control/search/index-order.ts'
import { openWorkspace } from '../control/workspace.ts'
import { buildIndex } from '../field/search/build-index.ts'
import { openSearch, type SearchableField } from '../field/search/open-search.ts'
import { type SearchRequest, search } from '../field/search/search.ts'
import { oneLine, printableLine } from '../language/printable.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { count } from './format.ts'
import { printJson } from './print-json.ts'
import { text, wholeNumber } from './read-options.ts'

const SHOWN = 10
const SHOWN_MOST = 1_000
const WIDTH = 110

export const searchCommand: CommandSpec = {
  name: 'search',
  summary: 'concepts or facts of the field by words, with evidence and facets',
  examples: [
    'search "kinetic energy"',
    'search energy --relation depends_on --domain "Modern physics"',
    'search "ideal of a ring" --facts --limit 5 --json',
    'search --support 3',
  ],
  configure: (command) =>
    command
      .argument('[words...]', 'what to look for; the best connected if nothing is given')
      .option('--facts', 'facts instead of concepts')
      .option('--domain <domain>', 'only of this domain')
      .option('--relation <type>', 'only with a relation of this type')
      .option('--run <tag>', 'only what this run brought or confirmed')
      .option('--support <n>', 'only what so many clusters say or more: 2, 3, 5, 10, 20 or 50')
      .option('--limit <n>', `at most so many hits; ${SHOWN} if not given`)
      .option('--field <tag>', 'another field than the current one'),
  async run(args, options, context) {
    const request = requestOf(args, options)
    const field = openIndexed(context, text(options, 'field'))
    try {
      const found = search(field, request)
      if (context.wantsJson) printJson(context, 'search', found)
      else context.print(describeSearch(found))
      return 0
    } finally {
      field.close()
    }
  },
}

const requestOf = (args: readonly string[], options: CommandOptions): SearchRequest => ({
  // A command line is typed to its end: the last word is whole.
  text: args.length === 0 ? '' : `${args.join(' ')} `,
  kind: options.facts === true ? SEARCH_KINDS[1] : SEARCH_KINDS[0],
  domain: text(options, 'domain'),
  relation: text(options, 'relation'),
  run: text(options, 'run'),
  support: text(options, 'support'),
  limit: wholeNumber(options, 'limit', 1, SHOWN_MOST) ?? SHOWN,
  skip: 0,
})

/** The index is made where there is none: once for a field, seconds for a hundred thousand facts. */
function openIndexed(context: CommandContext, fieldTag: string | null): SearchableField {
  const workspace = openWorkspace(context.workspaceDir, 'use')
  try {
    const named = indexOrderOf(workspace, fieldTag)
    const known = openSearch(named.order, named.fieldTag)
    if (known !== null) return known
    context.say(`making the search index of field ${named.fieldTag}; this happens once`)
    buildIndex(named.order, (what) => context.say(`  ${what}`))
    const made = openSearch(named.order, named.fieldTag)
    if (made === null)
      throw new RffError('internal', `the index ${named.order.indexPath} is not what was made`)
    return made
  } finally {
    workspace.close()
  }
}

function describeSearch(found: SearchResult): string {
  const { kind, total, isComplete, matched } = found
  if (total === 0) return `no ${kind} of field ${found.fieldTag} have any of these words`
  const more = isComplete ? '' : ' and more; the best connected were ranked'
  const how = matched === 'some' ? ', none with all words' : ''
  return [
    `${count(total)}${more} ${kind} of field ${found.fieldTag}${how}, by ${found.rankedBy}`,
    ...(kind === 'concepts' ? found.concepts.map(conceptLines) : found.facts.map(factLines)),
    facetLines(found.facets),
  ].join('\n\n')
}

const conceptLines = (hit: SearchResult['concepts'][number]): string =>
  [
    `${printableLine(hit.name)}   ${hit.conceptId}`,
    `  ${count(hit.edgeCount)} edges, ${count(hit.memberCount)} members, ${count(hit.supportCount)} clusters, ${printableLine(hit.domain)}`,
    `  ${oneLine(hit.gloss, WIDTH)}`,
    ...(hit.evidence === null
      ? []
      : [`  because: ${oneLine(hit.evidence.text ?? '', WIDTH)}  [${printableLine(hit.evidence.factId)}]`]),
  ].join('\n')

const factLines = (hit: SearchResult['facts'][number]): string =>
  [
    `${oneLine(hit.text ?? '', WIDTH)}  [${printableLine(hit.factId)}]`,
    `  of ${hit.concepts.map(({ name, conceptId }) => `${printableLine(name)} (${conceptId})`).join(', ')}`,
  ].join('\n')

const FACET_VALUES = 6

const facetLines = (facets: SearchResult['facets']): string =>
  Object.entries(facets)
    .filter(([, values]) => values.length > 0)
    .map(([facet, values]) => {
      const shown = values
        .slice(0, FACET_VALUES)
        .map(({ value, count: n }) => `${printableLine(value)} ${count(n)}`)
      return `${facet.padEnd(9)} ${shown.join(', ')}${values.length > FACET_VALUES ? ', …' : ''}`
    })
    .join('\n')
