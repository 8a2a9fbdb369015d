import { SEARCH_KINDS, type SearchResult } from '../../schemas/search.ts'
import { meaningOf } from '../control/embed/embed-query.ts'
import { openIndexed } from '../control/search/open-indexed.ts'
import { openWorkspace, type Workspace } from '../control/workspace.ts'
import { type SearchRequest, search } from '../field/search/search.ts'
import { count, plural } from '../language/counted.ts'
import { oneLine, printableLine } from '../language/printable.ts'
import type { CommandContext, CommandOptions, CommandSpec } from './command.ts'
import { printJson } from './print-json.ts'
import { isSet, text, wholeNumber } from './read-options.ts'

const SHOWN = 10
const SHOWN_MOST = 1_000
const WIDTH = 110

export const searchCommand: CommandSpec = {
  name: 'search',
  summary: 'concepts or facts of the field by words, and by meaning after embed, with evidence and facets',
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
      .option('--words', 'by words alone, also where a model of embeddings is set')
      .option('--domain <domain>', 'only of this domain')
      .option('--relation <type>', 'only with a relation of this type')
      .option('--run <tag>', 'only what this run brought or confirmed')
      .option('--support <n>', 'only what so many clusters say or more: 2, 3, 5, 10, 20 or 50')
      .option('--limit <n>', `at most so many hits; ${SHOWN} if not given`)
      .option('--field <tag>', 'another field than the current one'),
  async run(args, options, context) {
    const request = requestOf(args, options)
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const found = await find(workspace, request, options, context)
      if (context.wantsJson) printJson(context, 'search', found)
      else context.print(describeSearch(found))
      return 0
    } finally {
      workspace.close()
    }
  },
}

async function find(
  workspace: Workspace,
  request: SearchRequest,
  options: CommandOptions,
  context: CommandContext,
): Promise<SearchResult> {
  const field = openIndexed(workspace, text(options, 'field'), (what) => context.say(what))
  try {
    if (isSet(options, 'words')) return search(field, request)
    const { text: asks, kind } = request
    const asked = { text: asks, kind, env: context.env, nowMs: context.nowMs, mayAsk: true }
    return search(field, request, await meaningOf(workspace, context.loadConfig({}), field, asked))
  } finally {
    field.close()
  }
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

function describeSearch(found: SearchResult): string {
  const { kind, total, isComplete, matched } = found
  if (total === 0)
    return `no ${kind} of field ${found.fieldTag} have any of these words (by ${printableLine(found.label)})`
  const more = isComplete ? '' : ' and more'
  const which = isComplete ? '' : '; the best connected were ranked'
  const how = matched === 'some' ? ', none with all words' : ''
  return [
    `${plural(total, kind.slice(0, -1))}${more} of field ${found.fieldTag}${how}, by ${printableLine(found.label)}${which}`,
    ...(kind === 'concepts' ? found.concepts.map(conceptLines) : found.facts.map(factLines)),
    facetLines(found.facets),
  ].join('\n\n')
}

/** None of the words need stand in it. */
const bySense = ({ foundBy }: Pick<SearchResult['facts'][number], 'foundBy'>): string =>
  foundBy === 'meaning' ? ', by meaning' : ''

const conceptLines = (hit: SearchResult['concepts'][number]): string =>
  [
    `${printableLine(hit.name)}   ${hit.conceptId}`,
    `  ${plural(hit.edgeCount, 'edge')}, ${plural(hit.memberCount, 'member')}, ${plural(hit.supportCount, 'cluster')}, ${printableLine(hit.domain)}${bySense(hit)}`,
    `  ${oneLine(hit.gloss, WIDTH)}`,
    ...(hit.evidence === null
      ? []
      : [`  because: ${oneLine(hit.evidence.text ?? '', WIDTH)}  [${printableLine(hit.evidence.factId)}]`]),
  ].join('\n')

const factLines = (hit: SearchResult['facts'][number]): string =>
  [
    `${oneLine(hit.text ?? '', WIDTH)}  [${printableLine(hit.factId)}]`,
    `  of ${hit.concepts.map(({ name, conceptId }) => `${printableLine(name)} (${conceptId})`).join(', ')}${bySense(hit)}`,
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
