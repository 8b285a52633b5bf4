import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inTransaction, migrate, openDatabase, type Database } from '../../database/database.js'
import { createAccountRepository } from '../accounts/account-repository.js'
import { createContainerRepository } from '../containers/container-repository.js'
import { readListingQuery } from '../http/listing.js'
import { createObjectRepository, type ObjectRepository } from '../objects/object-repository.js'
import { objectStoreMigrations } from '../tables/migrations.js'
import { listPage, type ListingQuery } from './list-page.js'
import { scanConditions } from './scan.js'

let db: Database
let objects: ObjectRepository
const folders = 12_000
const below = 5

/** `many` has 12,000 pseudo-folders of 5 objects and as many plain objects; `last` has names at the end of Unicode. */
beforeAll(() => {
  db = openDatabase(':memory:')
  migrate(db, objectStoreMigrations)
  objects = createObjectRepository(db)
  const containers = createContainerRepository(db)
  createAccountRepository(db).save('a', {}, 0)
  for (const container of ['many', 'last']) containers.save('a', container, {}, 0)
  const insert = db.prepare(
    `INSERT INTO objects (account, container, name, blob, size, etag, content_type, modified_ms, metadata)
     VALUES ('a', ?, ?, ?, 1, 'e', 't', 0, '{}')`,
  )
  inTransaction(db, () => {
    for (let index = 0; index < folders; index += 1) {
      const name = `p/f${String(index).padStart(6, '0')}`
      insert.run('many', `${name}.bin`, `${name}.bin`)
      for (let each = 0; each < below; each += 1) insert.run('many', `${name}/${each}`, `${name}/${each}`)
    }
    for (const name of ['a', '\u{10ffff}', '\u{10ffff}a', '\u{10ffff}\u{10ffff}', '\ud7ff/x', '\ue000'])
      insert.run('last', name, `last ${name}`)
  })
})
afterAll(() => db.close())

async function list(container: string, query: string, most = 10_000) {
  const asked: ListingQuery = readListingQuery(`/v1/a/${container}?${query}`, most)
  let rows = 0
  let statements = 0
  let longest = 0
  const pieces = listPage(asked, (bounds) => {
    const found = objects.scan('a', container, bounds)
    statements += 1
    rows += found.length
    longest = Math.max(longest, found.length)
    return found
  })
  const page: string[] = []
  for await (const piece of pieces) page.push(...piece.map((entry) => ('row' in entry ? entry.row.name : entry.subdir)))
  return { page, rows, statements, longest }
}

describe('a page costs as much work as it has entries', () => {
  test.each([
    'prefix=p/&delimiter=/',
    'prefix=p/&delimiter=/&reverse=1',
    'prefix=p/f0&delimiter=/',
    'path=p',
    'prefix=p/&delimiter=/&marker=p/f003000/',
    'prefix=p/&delimiter=/&end_marker=p/f001000/&reverse=on',
    'prefix=p/f&delimiter=/&end_marker=z',
    'prefix=p/',
    'marker=p/f001',
    'reverse=1',
    '',
  ])('%s', async (query) => {
    const { page, rows, statements, longest } = await list('many', query)
    expect(page).toHaveLength(10_000)
    expect(rows).toBeLessThan(page.length * 3)
    expect(statements).toBeLessThan(page.length * 2)
    expect(longest).toBeLessThanOrEqual(250)
    const sorted = page.toSorted()
    expect(page).toEqual(/reverse/.test(query) ? sorted.toReversed() : sorted)
  })

  test('pages after each other are the whole, forward and backward', async () => {
    for (const direction of ['', '&reverse=1']) {
      const seen: string[] = []
      for (let marker = ''; ;) {
        const { page } = await list('many', `prefix=p/f00&delimiter=/&limit=777&marker=${marker}${direction}`)
        if (page.length === 0) break
        seen.push(...page)
        marker = page.at(-1) ?? ''
      }
      expect(seen).toHaveLength(20_000)
      expect(new Set(seen).size).toBe(20_000)
    }
  })

  test.each([
    { prefix: 'p/', past: 'p/f005', reverse: false, endMarker: 'zz' },
    { prefix: 'p/', past: 'p/f005', reverse: true, endMarker: 'a' },
    { prefix: 'p/f00', past: 'a', reverse: false, endMarker: 'p/f001' },
  ])('a scan has one bound on each side: %j', (bounds) => {
    const { sql, values } = scanConditions({ ...bounds, inclusive: false, limit: 1 })
    expect(sql.match(/name [<>]/g)).toHaveLength(2)
    const plan = db.prepare(`EXPLAIN QUERY PLAN SELECT name FROM objects WHERE account = ? AND container = ?${sql}`)
    const [step] = plan.all('a', 'many', ...values, 1) as { detail: string }[]
    expect(step?.detail).toContain('(account=? AND container=? AND name>? AND name<?)')
  })
})

test('a delimiter or a prefix at the end of Unicode ends the page, instead of beginning it again', async () => {
  const end = encodeURIComponent('\u{10ffff}')
  expect((await list('last', `delimiter=${end}`)).page).toEqual(['a', '\ud7ff/x', '\ue000', '\u{10ffff}'])
  expect((await list('last', `prefix=${end}`)).page).toEqual(['\u{10ffff}', '\u{10ffff}a', '\u{10ffff}\u{10ffff}'])
  expect((await list('last', `prefix=${end}${end}`)).page).toEqual(['\u{10ffff}\u{10ffff}'])
  expect((await list('last', `prefix=${encodeURIComponent('\ud7ff')}`)).page).toEqual(['\ud7ff/x'])
  expect((await list('last', `prefix=${end.repeat(600)}`)).page).toEqual([])
})
