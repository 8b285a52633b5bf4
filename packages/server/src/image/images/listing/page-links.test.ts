import { expect, test } from 'vitest'
import { pageLinks } from './page-links.js'

test('links are paths from the version on, with the query of the request', () => {
  expect(pageLinks(new URLSearchParams('limit=2&name=a b'), 'id1')).toEqual({
    first: '/v2/images?limit=2&name=a+b',
    next: '/v2/images?limit=2&name=a+b&marker=id1',
  })
  expect(pageLinks(new URLSearchParams(''), undefined)).toEqual({ first: '/v2/images' })
})

test('a repeated parameter keeps its last value only, as Glance has it', () => {
  expect(pageLinks(new URLSearchParams('tag=a&tag=b&marker=x'), 'y').next).toBe('/v2/images?tag=b&marker=y')
})
