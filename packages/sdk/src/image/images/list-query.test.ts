import { expect, test } from 'vitest'
import { UsageError } from '../../errors/tyrax-error.js'
import { filterQuery, type ImageFilters, pageQuery } from './list-query.js'

test('every filter has its wire name', () => {
  const query = filterQuery({
    name: 'a&b=c',
    id: 'x',
    status: ['active', 'queued'],
    diskFormat: 'raw',
    containerFormat: 'bare',
    visibility: 'shared',
    memberStatus: 'pending',
    owner: 'p',
    tag: ['lts', 'my tag'],
    sizeMin: 0,
    sizeMax: 10,
    protected: true,
    osHidden: false,
    createdAt: { gt: new Date(0) },
    properties: { os_distro: 'debian:12' },
    sort: ['name:asc', 'size'],
  })
  expect(query).toEqual([
    ['name', 'eq:a&b=c'],
    ['id', 'eq:x'],
    ['status', 'in:active,queued'],
    ['disk_format', 'eq:raw'],
    ['container_format', 'eq:bare'],
    ['visibility', 'shared'],
    ['member_status', 'pending'],
    ['owner', 'p'],
    ['protected', 'true'],
    ['os_hidden', 'false'],
    ['tag', 'lts'],
    ['tag', 'my tag'],
    ['size_min', '0'],
    ['size_max', '10'],
    ['created_at', 'gt:1970-01-01T00:00:00Z'],
    ['os_distro', 'debian:12'],
    ['sort', 'name:asc,size'],
  ])
})

test('what is undefined is not sent', () => {
  expect(filterQuery({ name: undefined, tag: undefined, sizeMin: undefined })).toEqual([])
})

test('the marker and the page size come last', () => {
  expect(pageQuery([['name', 'eq:a']], 5, 'm')).toEqual([
    ['name', 'eq:a'],
    ['limit', '5'],
    ['marker', 'm'],
  ])
})

test.each<[string, unknown]>([
  ['a filter that does not exist', { nmae: 'x' }],
  ['an unknown visibility', { visibility: 'secret' }],
  ['an unknown member status', { memberStatus: 'maybe' }],
  ['a sort key that the server does not know', { sortKey: 'owner' }],
  ['a direction that does not exist', { sort: 'name:up' }],
  ['both ways to sort', { sort: 'name', sortKey: 'name' }],
  ['a negative size', { sizeMin: -1 }],
  ['half a byte', { sizeMax: 0.5 }],
  ['a property that is not a string', { properties: { cpu: 1 } }],
])('%s is refused', (_what, filters) => {
  expect(() => filterQuery(filters as ImageFilters)).toThrow(UsageError)
})

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300])('a page size of %s is refused', (limit) => {
  expect(() => pageQuery([], limit, undefined)).toThrow(UsageError)
})

test('page sizes of 0 and of a billion are the server’s to decide', () => {
  expect(pageQuery([], 0, undefined)).toEqual([['limit', '0']])
  expect(pageQuery([], 1e9, undefined)).toEqual([['limit', '1000000000']])
})
