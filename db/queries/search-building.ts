/** Fills the search index of a field. `field` and `corpus` are attached, and each shard in its turn for its runs. */
import type { Db } from '../open.ts'

/** Support levels that a facet offers: so many clusters or more. */
export const SUPPORT_LEVELS = [2, 3, 5, 10, 20, 50] as const

/** Which run decided each cluster. The field itself knows no runs, so that the same answers give the same bytes. */
export function beginRuns(db: Db): void {
  db.exec(
    `CREATE TEMP TABLE cluster_runs (cluster_id TEXT PRIMARY KEY, run_id INTEGER NOT NULL) WITHOUT ROWID`,
  )
}

/** @param schema under which the shard is attached */
export function takeRuns(db: Db, schema: string): void {
  db.exec(
    `INSERT OR IGNORE INTO temp.cluster_runs SELECT cluster_id, run_id FROM ${schema}.done ORDER BY cluster_id`,
  )
}

export interface NamedRun {
  readonly runId: number
  readonly runTag: string
}

/** Gives each domain, relation type, run and support level its mark. */
export function nameFacets(db: Db, runs: readonly NamedRun[]): void {
  const put = db.prepare('INSERT INTO facets (mark, facet, value) VALUES (@mark, @facet, @value)')
  const all = (sql: string): string[] => db.prepare(sql).pluck().all() as string[]
  const number = (facet: string, letter: string, values: readonly string[]): void => {
    for (const [at, value] of values.entries()) put.run({ mark: `${letter}${at}`, facet, value })
  }
  const domains = `SELECT domain FROM field.concepts UNION
    SELECT f.domain FROM field.members m JOIN corpus.facts f ON f.fact_id = m.fact_id ORDER BY 1`
  number('domain', 'd', all(domains))
  number(
    'relation',
    't',
    all('SELECT rel_type FROM field.edges UNION SELECT rel_type FROM field.fact_edges ORDER BY 1'),
  )
  for (const { runId, runTag } of runs) put.run({ mark: `r${runId}`, facet: 'run', value: runTag })
  for (const level of SUPPORT_LEVELS) put.run({ mark: `s${level}`, facet: 'support', value: String(level) })
}

const supportMarks = (column: string): string =>
  SUPPORT_LEVELS.map((level) => `iif(${column} >= ${level}, ' s${level}', '')`).join(' || ')

/** Ordered, since the same field must give the same file. */
const joined = (rows: string): string => `coalesce((SELECT group_concat(mark, ' ') FROM (${rows})), '')`

/** The marks of relation types and runs, a row each, before they are joined into one word list a document. */
function gatherMarks(db: Db, of: 'concept' | 'fact', edges: string, runsOfOne: string): void {
  const relationsAt = (end: string): string => `SELECT e.${end}_${of}_id, f.mark FROM field.${edges} e
      JOIN facets f ON f.facet = 'relation' AND f.value = e.rel_type`
  db.exec(`
    CREATE TEMP TABLE ${of}_marks (${of}_id TEXT, mark TEXT, PRIMARY KEY (${of}_id, mark)) WITHOUT ROWID;
    INSERT INTO temp.${of}_marks
      ${relationsAt('src')}
      UNION
      ${relationsAt('dst')}
      UNION
      ${runsOfOne};`)
}

const RUNS_OF_CONCEPTS = `SELECT k.concept_id, 'r' || u.run_id FROM field.raw_concepts r
      JOIN field.concept_map k ON k.raw_concept_id = r.concept_id
      JOIN temp.cluster_runs u ON u.cluster_id = r.cluster_id`

export const gatherConceptMarks = (db: Db): void => gatherMarks(db, 'concept', 'edges', RUNS_OF_CONCEPTS)

export function fillConcepts(db: Db): void {
  db.exec(`
    INSERT INTO concept_docs (doc, concept_id, marks)
    SELECT row_number() OVER (ORDER BY c.edge_count DESC, c.member_count DESC, c.concept_id), c.concept_id,
      (SELECT mark FROM facets WHERE facet = 'domain' AND value = c.domain) || ${supportMarks('c.support_count')}
        || ' ' || ${joined('SELECT mark FROM temp.concept_marks WHERE concept_id = c.concept_id ORDER BY mark')}
    FROM field.concepts c;
    DROP TABLE temp.concept_marks;
    INSERT INTO concept_index (rowid, words, marks)
    SELECT d.doc, spaced(c.name || ' ' || c.gloss || ' ' || coalesce(
        (SELECT group_concat(alias, ' ') FROM field.aliases a WHERE a.concept_id = c.concept_id), '')), d.marks
    FROM concept_docs d JOIN field.concepts c ON c.concept_id = d.concept_id ORDER BY d.doc;`)
}

const RUNS_OF_FACTS = `SELECT r.fact_id, 'r' || u.run_id FROM field.raw_members r
      JOIN temp.cluster_runs u ON u.cluster_id = r.cluster_id`

export const gatherFactMarks = (db: Db): void => gatherMarks(db, 'fact', 'fact_edges', RUNS_OF_FACTS)

export function fillFacts(db: Db): void {
  db.exec(`
    CREATE TEMP TABLE supported (fact_id TEXT PRIMARY KEY, support INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO temp.supported SELECT fact_id, sum(support_count) FROM field.members GROUP BY fact_id;
    INSERT INTO fact_docs (doc, fact_id, marks)
    SELECT row_number() OVER (ORDER BY s.support DESC, s.fact_id), s.fact_id,
      coalesce((SELECT mark FROM facets WHERE facet = 'domain' AND value = f.domain), '') || ${supportMarks('s.support')}
        || ' ' || ${joined('SELECT mark FROM temp.fact_marks WHERE fact_id = s.fact_id ORDER BY mark')}
    FROM temp.supported s LEFT JOIN corpus.facts f ON f.fact_id = s.fact_id;
    DROP TABLE temp.fact_marks;
    DROP TABLE temp.supported;
    INSERT INTO fact_index (rowid, words, marks)
    SELECT d.doc, spaced(f.text), d.marks
    FROM fact_docs d JOIN corpus.facts f ON f.fact_id = d.fact_id ORDER BY d.doc;`)
}

/** How many documents each mark stands on, for a reader who has not asked for anything yet. */
export function countFacets(db: Db): void {
  for (const [index, column] of [
    ['concept_index', 'concepts'],
    ['fact_index', 'facts'],
  ] as const) {
    db.exec(`CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, ${index}, col)`)
    db.exec(
      `UPDATE facets SET ${column} = coalesce((SELECT doc FROM temp.words WHERE term = mark AND col = 'marks'), 0)`,
    )
    db.exec('DROP TABLE temp.words')
  }
}

export const putMeta = (db: Db, key: string, value: string): void =>
  void db.prepare('INSERT INTO index_meta (key, value) VALUES (?, ?)').run(key, value)
