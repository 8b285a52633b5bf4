import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Caller } from '../../../context.js'
import { Refusal } from '../../../refusal.js'
import { newImage } from '../../testing/stock-fields.js'
import { withoutData, type ImageRecord } from '../image-record.js'
import { applyPatch } from './apply-patch.js'
import type { Change } from './parse-patch.js'

const owner: Caller = {
  token: 't',
  userId: 'u',
  userName: 'u',
  projectId: 'p1',
  projectName: 'project',
  domainId: undefined,
  roles: ['member', 'reader'],
  isAdmin: false,
  accessRules: [],
  expiresAt: new Date(0),
}
const admin: Caller = { ...owner, projectId: 'p0', roles: ['admin', 'member', 'reader'], isAdmin: true }

const image: ImageRecord = {
  ...newImage({ name: 'old', container_format: 'bare', disk_format: 'raw', tags: ['a'], os_distro: 'debian' }),
  ...withoutData,
  id: 'i',
  owner: 'p1',
  status: 'active',
  size: 1,
  created_at: 1,
  updated_at: 1,
  locations: [],
}
const limits = { properties: 3, tags: 2 }
const add = (key: string, value: unknown, addReplaces = true): Change => ({ op: 'add', key, value, addReplaces })
const replace = (key: string, value: unknown): Change => ({ op: 'replace', key, value, addReplaces: true })
const remove = (key: string): Change => ({ op: 'remove', key })

const kindOf = (caller: Caller, ...changes: Change[]): string => {
  try {
    applyPatch(image, changes, caller, limits)
    return 'none'
  } catch (error) {
    return error instanceof Refusal ? error.kind : String(error)
  }
}

test('changes are applied in order and leave the given image alone', () => {
  const changed = applyPatch(
    image,
    [add('a', '1'), replace('a', '2'), remove('os_distro'), replace('name', null), replace('tags', ['z', 'b', 'z'])],
    owner,
    limits,
  )
  expect(changed).toMatchObject({ name: null, tags: ['b', 'z'], properties: { a: '2' } })
  expect(image).toMatchObject({ name: 'old', tags: ['a'], properties: { os_distro: 'debian' } })
})

test('add of what is there replaces in v2.1 and conflicts in v2.0', () => {
  expect(kindOf(owner, add('os_distro', 'ubuntu'))).toBe('none')
  expect(kindOf(owner, add('os_distro', 'ubuntu', false))).toBe('conflict')
  expect(kindOf(owner, add('name', 'new', false))).toBe('conflict')
})

test('a property that is not there can be neither replaced nor removed', () => {
  expect(kindOf(owner, replace('nothing', 'x'))).toBe('conflict')
  expect(kindOf(owner, remove('nothing'))).toBe('conflict')
})

test.each([
  ['removing a base field', owner, remove('name')],
  ['changing a format of an active image', owner, replace('disk_format', 'qcow2')],
  ['giving the image away as a member', owner, replace('owner', 'p2')],
  ['publishing as a member', owner, replace('visibility', 'public')],
  ['setting locations', admin, replace('locations', [])],
  ["changing another project's image", { ...owner, projectId: 'p2' }, replace('name', 'x')],
  ['changing with the role reader', { ...owner, roles: ['reader'] }, replace('name', 'x')],
])('%s is forbidden', (_what, caller, change) => {
  expect(kindOf(caller, change)).toBe('forbidden')
})

test('an admin may give away and publish', () => {
  expect(kindOf(admin, replace('owner', 'p2'), replace('visibility', 'public'))).toBe('none')
})

test('quotas count what the image would have', () => {
  expect(kindOf(owner, add('a', '1'), add('b', '1'))).toBe('none')
  expect(kindOf(owner, add('a', '1'), add('b', '1'), add('c', '1'))).toBe('over-limit')
  expect(kindOf(owner, add('a', '1'), add('b', '1'), add('c', '1'), remove('a'))).toBe('none')
  expect(kindOf(owner, replace('tags', ['a', 'b', 'c']))).toBe('over-limit')
})

test('adding a property and removing it is as if nothing had happened', () => {
  const name = fc.string({ minLength: 1 }).filter((key) => !(key in image) && key !== 'os_distro')
  fc.assert(
    fc.property(name, fc.string(), (key, value) => {
      expect(applyPatch(image, [add(key, value), remove(key)], owner, limits)).toEqual(image)
    }),
  )
})
