import { expect, test } from 'vitest'
import { Refusal } from '../../../refusal.js'
import { parseListQuery } from './list-query.js'

const parse = (query: string) => parseListQuery(new URLSearchParams(query))
const order = (query: string) => parse(query).sort.map(({ key, direction }) => `${key} ${direction}`)

test('without parameters a page has 25 images, newest first', () => {
  expect(parse('')).toMatchObject({ limit: 25, marker: undefined, memberStatus: 'accepted', visibility: undefined })
  expect(order('')).toEqual(['created_at desc', 'id desc'])
})

test('ties are broken in the direction that was asked for, if it was one', () => {
  expect(order('sort=name:asc')).toEqual(['name asc', 'created_at asc', 'id asc'])
  expect(order('sort=name:asc,size')).toEqual(['name asc', 'size desc', 'created_at desc', 'id desc'])
  expect(order('sort_key=name&sort_key=size&sort_dir=asc')).toEqual([
    'name asc',
    'size asc',
    'created_at asc',
    'id asc',
  ])
  expect(order('sort_key=name&sort_key=size&sort_dir=asc&sort_dir=desc')).toEqual([
    'name asc',
    'size desc',
    'created_at desc',
    'id desc',
  ])
})

test('a limit above the maximum is lowered to it', () => {
  expect(parse('limit=5000').limit).toBe(1000)
  expect(parse('limit=0').limit).toBe(0)
})

test.each([
  'limit=-1',
  'limit=many',
  'sort=name&sort_key=size',
  'sort=colour',
  'sort=name:up',
  'sort_key=name&sort_dir=asc&sort_dir=desc',
  'visibility=secret',
  'member_status=maybe',
  'os_hidden=perhaps',
  'protected=True',
  'changes-since=2015-11-29',
])('%s is refused', (query) => {
  expect(() => parse(query)).toThrow(Refusal)
})

test('every other parameter is a filter', () => {
  const { filters, tags } = parse('name=a&os_distro=debian&tag=x&tag=y&limit=2&sort=id')
  expect([...filters.keys()].sort()).toEqual(['name', 'os_distro', 'os_hidden'])
  expect(tags).toEqual(['x', 'y'])
})
