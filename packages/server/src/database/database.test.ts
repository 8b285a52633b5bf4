import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { closeDatabase, DatabaseInUse, inTransaction, migrate, openDatabase, type Migration } from './database.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-database-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const first: Migration = { service: 's', version: 1, sql: 'CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);' }
const second: Migration = { service: 's', version: 2, sql: 'INSERT INTO t VALUES (2);' }

test('each step of a service is run once, in order, whatever order they are given in', () => {
  const file = path.join(folder, 'db')
  const rows = (migrations: readonly Migration[]) => {
    const db = openDatabase(file)
    migrate(db, migrations)
    const found = db.prepare('SELECT a FROM t').all()
    closeDatabase(db)
    return found
  }
  expect(rows([first])).toEqual([{ a: 1 }])
  expect(rows([second, first])).toEqual([{ a: 1 }, { a: 2 }])
  expect(rows([first, second])).toEqual([{ a: 1 }, { a: 2 }])
})

test('a step that fails changes nothing', () => {
  const db = openDatabase(':memory:')
  migrate(db, [first])
  const broken = { ...second, sql: 'INSERT INTO t VALUES (2); INSERT INTO absent VALUES (3);' }
  expect(() => migrate(db, [broken])).toThrow('absent')
  expect(db.prepare('SELECT a FROM t').all()).toEqual([{ a: 1 }])
  migrate(db, [second])
  expect(db.prepare('SELECT a FROM t').all()).toEqual([{ a: 1 }, { a: 2 }])
  closeDatabase(db)
})

test('a transaction that throws is undone', () => {
  const db = openDatabase(':memory:')
  migrate(db, [first])
  const work = () => {
    db.exec('DELETE FROM t')
    throw new Error('no')
  }
  expect(() => inTransaction(db, work)).toThrow('no')
  expect(db.prepare('SELECT a FROM t').all()).toEqual([{ a: 1 }])
  closeDatabase(db)
})

test('a file is open once at a time, and free again when it is closed', () => {
  const file = path.join(folder, 'db')
  const db = openDatabase(file)
  expect(() => openDatabase(file)).toThrow(DatabaseInUse)
  closeDatabase(db)
  closeDatabase(openDatabase(file))
})
