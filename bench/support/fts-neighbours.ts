/** The peer of the neighbour index: SQLite's full-text index, asked for all words of a fact, best by bm25(). */
import Database from 'better-sqlite3'

export interface FtsNeighbours {
  /** Ranks, best first, the fact itself left out. */
  nearest(rank: number): number[]
  close(): void
}

/** @param texts by rank */
export function createFtsNeighbours(texts: readonly string[], neighbourCount: number): FtsNeighbours {
  const db = new Database(':memory:')
  db.exec('CREATE VIRTUAL TABLE facts USING fts5(text)')
  const insert = db.prepare('INSERT INTO facts (rowid, text) VALUES (?, ?)')
  db.transaction(() => {
    for (const [rank, text] of texts.entries()) insert.run(rank + 1, text)
  })()
  const query = db
    .prepare<[string, number], number>('SELECT rowid FROM facts WHERE facts MATCH ? ORDER BY rank LIMIT ?')
    .pluck()
  return {
    nearest(rank) {
      const words = new Set(texts[rank]!.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
      if (words.size === 0) return []
      const match = [...words].map((word) => `"${word}"`).join(' OR ')
      return query
        .all(match, neighbourCount + 1)
        .map((rowid) => rowid - 1)
        .filter((found) => found !== rank)
        .slice(0, neighbourCount)
    },
    close: () => db.close(),
  }
}
