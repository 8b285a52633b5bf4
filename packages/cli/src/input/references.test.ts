import { UsageError } from '@tyrax/sdk'
import { expect, test } from 'vitest'
import { parseReference, type Role } from './references.js'

test.each<[string, object]>([
  ['debian', { kind: 'image', cloud: undefined, image: 'debian' }],
  ['id:0f6c1e2a-0000-4000-8000-000000000000', { kind: 'image', image: '0f6c1e2a-0000-4000-8000-000000000000' }],
  ['image:ubuntu:24.04', { kind: 'image', cloud: undefined, image: 'ubuntu:24.04' }],
  ['prod:ubuntu:24.04', { kind: 'image', cloud: 'prod', image: 'ubuntu:24.04' }],
  ['prod:id:0f6c', { kind: 'image', cloud: 'prod', image: '0f6c' }],
  ['prod:image:id:x', { kind: 'image', cloud: 'prod', image: 'id:x' }],
  ['swift:c/a/b', { kind: 'object', cloud: undefined, container: 'c', object: 'a/b' }],
  ['prod:swift:c/a', { kind: 'object', cloud: 'prod', container: 'c', object: 'a' }],
  ['file:a.qcow2', { kind: 'file', path: 'a.qcow2' }],
  ['file:///srv/a', { kind: 'file', path: 'file:///srv/a' }],
  ['https://example.org/a', { kind: 'url', text: 'https://example.org/a' }],
  ['-', { kind: 'stream' }],
])('the source %s is read', (text, reference) => {
  expect(parseReference(text, 'source')).toMatchObject(reference)
})

test.each<[string, object]>([
  ['prod:', { kind: 'image', cloud: 'prod', image: '' }],
  ['swift:c/', { kind: 'object', container: 'c', object: '' }],
  ['swift:c', { kind: 'object', container: 'c', object: '' }],
])('the destination %s takes the name of what is copied', (text, reference) => {
  expect(parseReference(text, 'destination')).toMatchObject(reference)
})

test.each<[string, Role, RegExp]>([
  ['', 'source', /is empty/],
  ['prod:', 'source', /names no image/],
  ['image:', 'destination', /names no image/],
  ['swift:c', 'source', /names no object/],
  ['id:no-id!', 'source', /is no id/],
  ['id:0f6c', 'destination', /data is never replaced/],
  ['https://example.org/a', 'destination', /cannot be written to/],
  ['s3://bucket/key', 'source', /unknown scheme, s3:/],
  ['debian.qcow2', 'source', /could be a file or an image/],
  ['./debian', 'destination', /could be a file or an image/],
  ['C:\\images\\a', 'source', /looks like a path/],
  ['my cloud:x', 'source', /names no cloud before its colon/],
  ['file:', 'source', /names no file/],
])('%j as a %s is refused', (text, role, message) => {
  const parse = () => parseReference(text, role)
  expect(parse).toThrow(UsageError)
  expect(parse).toThrow(message)
})
