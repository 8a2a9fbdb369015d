/**
 * The limit for the engine: the same three durable steps per item, written by hand against better-sqlite3 for this one
 * purpose. No lanes, no budget, no judging, no lease; a group of items shares each commit.
 */
import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'

interface Input {
  readonly path: string
  readonly items: number
  readonly groupSize: number
}

const SCHEMA = `
  CREATE TABLE todo (item_id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE attempts (
    attempt_id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL, request_key TEXT NOT NULL, state TEXT NOT NULL,
    reserved INTEGER NOT NULL, spent INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX attempts_by_request ON attempts (request_key);
  CREATE TABLE answers (attempt_id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE done (item_id INTEGER PRIMARY KEY, attempt_id INTEGER NOT NULL) STRICT;`

export async function prepare({ path, items }: Input): Promise<Database.Database> {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(SCHEMA)
  const insert = db.prepare('INSERT INTO todo (item_id, body) VALUES (?, ?)')
  db.transaction(() => {
    for (let item = 1; item <= items; item++)
      insert.run(item, `What ${item} says. `.padEnd(300, 'It goes on. '))
  })()
  return db
}

/** @returns items done */
export async function contend({ groupSize }: Input, db: Database.Database): Promise<number> {
  const page = db.prepare<[number, number], { item_id: number; body: string }>(
    'SELECT item_id, body FROM todo WHERE item_id > ? ORDER BY item_id LIMIT ?',
  )
  const intend = db.prepare(
    "INSERT INTO attempts (attempt_id, item_id, request_key, state, reserved) VALUES (?, ?, ?, 'sent', 1300)",
  )
  const settle = db.prepare("UPDATE attempts SET state = 'settled', spent = 220 WHERE attempt_id = ?")
  const store = db.prepare('INSERT INTO answers (attempt_id, body) VALUES (?, ?)')
  const leave = db.prepare('DELETE FROM todo WHERE item_id = ?')
  const finish = db.prepare('INSERT INTO done (item_id, attempt_id) VALUES (?, ?)')
  const answer = 'x'.repeat(500)
  let done = 0
  for (let last = 0; ; ) {
    const items = page.all(last, groupSize)
    if (items.length === 0) break
    const keyed = items.map(({ item_id, body }) => ({
      itemId: item_id,
      requestKey: createHash('sha256').update(body).digest('hex'),
    }))
    db.transaction(() => {
      for (const { itemId, requestKey } of keyed) intend.run(itemId, itemId, requestKey)
    }).immediate()
    db.transaction(() => {
      for (const { itemId } of keyed) {
        settle.run(itemId)
        store.run(itemId, answer)
      }
    }).immediate()
    db.transaction(() => {
      for (const { itemId } of keyed) {
        leave.run(itemId)
        finish.run(itemId, itemId)
      }
    }).immediate()
    done += items.length
    last = items.at(-1)!.item_id
  }
  db.close()
  return done
}
