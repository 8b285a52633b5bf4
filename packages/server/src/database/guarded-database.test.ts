import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from './database.js'
import { UnstorableText } from './guarded-database.js'

let db: Database
beforeEach(() => {
  db = openDatabase(':memory:')
  db.exec(`CREATE TABLE names (name TEXT); INSERT INTO names VALUES ('victim')`)
})
afterEach(() => db.close())

test.each(['victim\0', '\0', 'victim\ud800', '\udc00victim'])('%j is neither stored nor looked for', (text) => {
  const find = db.prepare('SELECT name FROM names WHERE name = ?')
  for (const execute of ['run', 'get', 'all', 'iterate'] as const) {
    expect(() => find[execute](text)).toThrow(UnstorableText)
  }
  expect(() => db.prepare('INSERT INTO names VALUES (?)').run(text)).toThrow(UnstorableText)
  expect(() => db.prepare('DELETE FROM names WHERE name = $name').run({ name: text })).toThrow(UnstorableText)
  expect(db.prepare('SELECT name FROM names').all()).toEqual([{ name: 'victim' }])
})

test('every other text is, and bytes are bytes', () => {
  const texts = ['', '☃', '\u{1f5a5}', '\ufffd', '\u0001']
  const insert = db.prepare('INSERT INTO names VALUES (?)')
  for (const text of texts) insert.run(text)
  for (const text of texts)
    expect(db.prepare('SELECT name FROM names WHERE name = ?').get(text)).toEqual({ name: text })
  expect(db.prepare('SELECT length(?) AS length').get(new Uint8Array([0, 1]))).toEqual({ length: 2 })
})

test('whatever may write is counted, reading is not', () => {
  const grows = (work: () => unknown) => {
    const before = db.writes
    work()
    return db.writes > before
  }
  const insert = db.prepare('INSERT INTO names VALUES (?) RETURNING name')
  for (const execute of ['run', 'get', 'all', 'iterate'] as const) {
    expect(grows(() => insert[execute](execute))).toBe(true)
  }
  expect(grows(() => db.exec('DELETE FROM names'))).toBe(true)
  const find = db.prepare(' SELECT name FROM names WHERE name = ?')
  for (const execute of ['run', 'get', 'all', 'iterate'] as const) {
    expect(grows(() => find[execute]('victim'))).toBe(false)
  }
})
