import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { Caller } from '../../../context.js'
import { migrate, openDatabase, type Database } from '../../../database/database.js'
import { imageMigrations } from '../../migrations.js'
import { newImage } from '../../testing/stock-fields.js'
import { createImageRepository } from '../image-repository.js'
import { withoutData, type ImageRecord } from '../image-record.js'
import { rememberStatements } from '../recent-statements.js'
import { keepChangeLog } from './change-log.js'
import { createConditionSets } from './condition-sets.js'
import { imageSearch } from './image-search.js'
import { parseListQuery } from './list-query.js'
import { plansFor } from './plans.js'
import { startPlan } from './run-plan.js'
import { startSearch } from './start-search.js'
import { readSets } from './testing/read-sets.js'
import { countRows, edgesOf } from './walk.js'

const caller = (isAdmin: boolean): Caller => ({
  token: 't',
  userId: 'u',
  userName: 'u',
  projectId: 'p',
  projectName: 'p',
  domainId: undefined,
  roles: ['reader'],
  isAdmin,
  accessRules: [],
  expiresAt: new Date(0),
})
const marker: ImageRecord = {
  ...newImage({ name: 'n', disk_format: 'raw', container_format: 'bare' }),
  ...withoutData,
  id: randomUUID(),
  owner: 'p',
  status: 'active',
  size: 5,
  created_at: 10,
  updated_at: 10,
  locations: [],
}

let db: Database
beforeAll(() => {
  db = openDatabase(':memory:')
  migrate(db, imageMigrations)
  // More images than are sorted at once.
  const repository = createImageRepository(db)
  for (let at = 0; at < 600; at += 1)
    repository.insert({
      ...marker,
      id: randomUUID(),
      visibility: 'public',
      tags: ['a'],
    })
  // Others, so that the former are few enough for sets.
  for (let at = 0; at < 900; at += 1)
    repository.insert({ ...marker, id: randomUUID(), visibility: 'private', owner: 'q', status: 'saving' })
})

/** In order of creation, a project's list is made of the ranges that it may see; an admin's is one range. */
const inCreation = /images_by_(created_at|owner)/
/** The rows of an index, each with what the caller may see of it. */
const seen = (column: string) => new RegExp(`COVERING INDEX images_by_${column} `)

/** What a page's rows were found for, the values of a filter, and an index that is empty unless the clock was set back. */
const harmlessScan = /^SCAN (\(subquery|json_each|images USING INDEX images_changed_before_creation)/

/** Of images that are found by their numbers, those of one step are sorted. */
const sortsFewNumbers = /FROM json_each\(\?\) CROSS JOIN images i ON i\.number = json_each\.value\s.* LIMIT \?$/s

/** Each query of a list, and the index that serves it. */
const queries: [query: string, index: string | RegExp][] = [
  ['', inCreation],
  ['status=queued', 'images_by_status'],
  ['status=in:queued,active', 'images_by_status'],
  ['tag=a', 'image_tags_by_value'],
  ['tag=a&tag=b', 'image_tags_by_value'],
  ['os_distro=debian', 'image_properties_by_value'],
  ['os_distro=debian&build=1', 'image_properties_by_value'],
  ['size_min=5', 'images_by_size'],
  ['size_min=5&size_max=9', 'images_by_size'],
  ['size=5', 'images_by_size'],
  ['virtual_size_min=5', inCreation],
  ['min_disk_min=5', 'images_by_min_disk'],
  ['min_ram_max=5', 'images_by_min_ram'],
  ['os_hash_value=abc', /COVERING INDEX images_by_os_hash_value /],
  ['checksum=abc', /COVERING INDEX images_by_checksum /],
  ['created_at=gt:2020-01-01', inCreation],
  ['updated_at=lt:2020-01-01', 'images_by_updated_at'],
  ['visibility=public', 'images_by_visibility'],
  ['visibility=shared&member_status=all', /images_by_(visibility|owner)/],
  ['protected=true', 'images_by_protected'],
  ['os_hidden=true', inCreation],
  ['container_format=bare', 'images_by_container_format'],
  ['disk_format=in:raw,iso', 'images_by_disk_format'],
  ['name=a', 'images_by_name'],
  ['name=in:a,b', 'images_by_name'],
  ['id=in:a,b', 'images_by_id'],
  ['owner=p', 'images_by_owner'],
  ...['name', 'size', 'status', 'container_format', 'disk_format', 'created_at', 'updated_at'].flatMap((key) =>
    ['asc', 'desc'].map((direction): [string, string | RegExp] => [
      `sort=${key}:${direction}`,
      key === 'created_at' ? inCreation : seen(key),
    ]),
  ),
  ['sort=id:asc', 'images_by_id'],
  ['sort=id:desc', 'images_by_id'],
  ['sort=name:asc,size:desc', 'images_by_name'],
  ['sort=created_at:asc,id:desc', 'images_by_created_at'],
  ['tag=a&sort=size', 'images_by_size'],
  ['tag=a&sort=size', 'image_tags_by_value'],
  ['status=queued&sort=status', 'images_by_status'],
  ['sort=status:asc,name:desc', 'images_by_name'],
  ['sort=disk_format:desc,status:asc,size:desc', 'images_by_size'],
  ['sort=created_at:asc,name:desc', 'images_by_name'],
  ['status=in:active,queued&sort=status:asc,size:desc', 'images_by_size'],
  ['size_min=5&sort=size:asc', 'images_by_size'],
]

const everyQuery = queries.flatMap(([query, index]) =>
  ['as an admin', 'as a project'].flatMap((who) =>
    ['from the beginning', 'after a marker'].map((where): [string, string, string, string | RegExp] => [
      query,
      who,
      where,
      index,
    ]),
  ),
)

test.each(everyQuery)('the list "%s" %s %s reads ranges of %s and sorts nothing', (query, who, where, index) => {
  const parameters = new URLSearchParams(query)
  const search = imageSearch(
    parseListQuery(parameters),
    caller(who === 'as an admin'),
    where === 'after a marker' ? marker : undefined,
  )
  const used = new Set<string>()
  const remember = rememberStatements(db)
  const statements = (sql: string) => {
    used.add(sql)
    return remember(sql)
  }
  const { ordered, others } = plansFor(search)
  for (const plan of [...ordered, ...others]) {
    const running = startPlan(statements, plan, search)
    while (running.step() === undefined);
    for (const source of plan.sources) {
      countRows(statements, source, 10)
      edgesOf(statements, source)
    }
  }
  const sets = createConditionSets(keepChangeLog(db, statements), statements)
  const whole = startSearch(statements, sets, search)
  while (whole.step() === undefined);
  readSets(sets, search)
  const narrowed = startSearch(statements, sets, search)
  while (narrowed.step() === undefined);
  const ways = [...used].flatMap((sql) => wayOf(sql))
  const sorting = [...used].filter((sql) => wayOf(sql).some((way) => /TEMP B-TREE|AUTOMATIC/.test(way)))
  expect(sorting.filter((sql) => !sortsFewNumbers.test(sql))).toEqual([])
  expect(ways.filter((way) => way.startsWith('SCAN') && !harmlessScan.test(way))).toEqual([])
  expect([...used].filter((sql) => !sql.includes('LIMIT '))).toEqual([])
  expect(ways.join('\n')).toMatch(index)
})

function wayOf(sql: string): string[] {
  const values = Array.from({ length: sql.split('?').length - 1 }, () => null)
  return (
    db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as unknown as {
      detail: string
    }[]
  ).map(({ detail }) => detail)
}
