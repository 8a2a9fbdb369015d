/** GraphML: concepts are nodes, edges are directed edges, for tools that draw and measure graphs. Evidence stays behind. */
import type { ExportedConcept, ExportedEdge } from './exported-rows.ts'
import type { ExportFormat } from './format.ts'

const ELEMENTS_PER_WRITE = 200

/** Attributes by element; the id of a key is its name. */
const KEYS = [
  ['node', 'label', 'string'],
  ['node', 'gloss', 'string'],
  ['node', 'domain', 'string'],
  ['node', 'members', 'long'],
  ['node', 'support_count', 'long'],
  ['edge', 'rel_type', 'string'],
  ['edge', 'score', 'double'],
  ['edge', 'weight', 'long'],
] as const

const HEAD = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
  ...KEYS.map(
    ([element, name, type]) =>
      `  <key id="${element}_${name}" for="${element}" attr.name="${name}" attr.type="${type}"/>`,
  ),
  '  <graph id="field" edgedefault="directed">',
  '',
].join('\n')

const FOOT = '  </graph>\n</graphml>\n'

export const graphml: ExportFormat = {
  name: 'graphml',
  isStream: false,
  write(rows, openPart) {
    const part = openPart('field.graphml')
    part.write(HEAD, 0)
    for (const block of blocksOf(rows.concepts(), nodeXml)) part.write(block.text, block.count)
    for (const block of blocksOf(rows.edges(), edgeXml)) part.write(block.text, block.count)
    part.write(FOOT, 0)
  },
}

function* blocksOf<Row>(
  rows: Iterable<Row>,
  write: (row: Row) => string,
): Generator<{ text: string; count: number }> {
  let elements: string[] = []
  for (const row of rows) {
    elements.push(write(row))
    if (elements.length < ELEMENTS_PER_WRITE) continue
    yield { text: elements.join(''), count: elements.length }
    elements = []
  }
  yield { text: elements.join(''), count: elements.length }
}

const nodeXml = ({ concept_id, name, gloss, domain, members, support_count }: ExportedConcept): string =>
  `    <node id="${xml(concept_id)}">${data('node', { label: name, gloss, domain, members: members.length, support_count })}</node>\n`

const edgeXml = (edge: ExportedEdge): string => {
  const { edge_id, src_concept_id, dst_concept_id, rel_type, score_millionths, support_count } = edge
  const values = { rel_type, score: score_millionths / 1_000_000, weight: support_count }
  return `    <edge id="${xml(edge_id)}" source="${xml(src_concept_id)}" target="${xml(dst_concept_id)}">${data('edge', values)}</edge>\n`
}

const data = (element: 'node' | 'edge', values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `<data key="${element}_${name}">${xml(String(value))}</data>`)
    .join('')

/** XML has no way at all to write most control characters and lone surrogates; these become U+FFFD. */
const NO_XML = /(?![\t\n\r])\p{Cc}|\p{Surrogate}|[\ufffe\uffff]/gu

/** A carriage return is written by its number, or a reader would make a line feed of it. */
export const xml = (text: string): string =>
  text
    .replace(NO_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
