import { startCloud } from '@tyrax/server'
import { startFaultServer } from '@tyrax/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../cloud/cloud.js'
import { connect } from '../../node/index.js'

let server: Awaited<ReturnType<typeof startCloud>>
let owner: Cloud
let member: Cloud
let third: Cloud

beforeAll(async () => {
  const users = ['owner', 'member', 'third'].map((name) => ({
    name,
    password: 'secret',
    project: name,
    roles: ['member' as const],
  }))
  const boss = { name: 'boss', password: 'secret', project: 'owner', roles: ['admin' as const] }
  server = await startCloud({ port: 0, config: { projects: users.map(({ name }) => name), users: [...users, boss] } })
  const login = (name: string) =>
    connect({ auth: { authUrl: server.authUrl, username: name, password: 'secret', projectName: name } })
  owner = await login('owner')
  member = await login('member')
  third = await login('third')
})
afterAll(async () => {
  for (const cloud of [owner, member, third]) await cloud?.close()
  await server?.close()
})

const share = async (fields: object = {}) => owner.images.create({ name: 'shared', visibility: 'shared', ...fields })
const projectOf = (cloud: Cloud) => cloud.projectId ?? ''

test('an image is shared, accepted and taken back', async () => {
  const image = await share()
  const added = await owner.images.members.add(image, projectOf(member))
  expect(added).toMatchObject({ imageId: image.id, memberId: member.projectId, status: 'pending' })
  expect(added.createdAt).toBeInstanceOf(Date)
  expect(await member.images.list({ visibility: 'shared', memberStatus: 'pending' }).toArray()).toMatchObject([
    { id: image.id },
  ])
  expect(await member.images.updateImageMember(image.id, 'accepted')).toMatchObject({ status: 'accepted' })
  expect((await member.images.listAll()).map(({ id }) => id)).toContain(image.id)
  expect(await owner.images.members.list(image)).toMatchObject([{ status: 'accepted' }])
  expect(await owner.images.members.get(image, projectOf(member))).toMatchObject({ status: 'accepted' })
  expect(await member.images.members.setStatus(image, projectOf(member), 'pending')).toMatchObject({
    status: 'pending',
  })
  await owner.images.members.remove(image, projectOf(member))
  expect(await owner.images.members.list(image)).toEqual([])
  await expect(owner.images.members.delete(image, projectOf(member))).rejects.toMatchObject({ name: 'NotFoundError' })
})

test('a pending image is found by its name, so that it can be accepted', async () => {
  const image = await share({ name: 'waiting for you' })
  await owner.images.members.add(image, projectOf(member))
  expect(await member.images.find('waiting for you')).toMatchObject({ id: image.id })
})

test.each(['ACCEPTED', '', 'maybe', undefined])('the status %s is refused before anything is sent', async (status) => {
  await expect(member.images.updateImageMember('x', status as 'accepted')).rejects.toMatchObject({
    name: 'InvalidImageMemberStatus',
    message: `The status value must be one of 'accepted', 'rejected', or 'pending'. Received: '${status}'`,
  })
})

test('who is no member cannot decide, and neither can the owner', async () => {
  const image = await share()
  await owner.images.members.add(image, projectOf(member))
  await expect(third.images.updateImageMember(image.id, 'accepted')).rejects.toMatchObject({
    name: 'InvalidImageMember',
  })
  await expect(owner.images.updateImageMember(image.id, 'accepted')).rejects.toMatchObject({
    name: 'InvalidImageMember',
  })
  await expect(
    third.images.updateImageMember('11111111-1111-4111-8111-111111111111', 'accepted'),
  ).rejects.toMatchObject({
    name: 'InvalidImageMember',
  })
})

test.each(['private', 'community'])('a %s image cannot be shared, and the error says why', async (visibility) => {
  const image = await share({ visibility })
  await expect(owner.images.members.add(image, projectOf(member))).rejects.toMatchObject({
    name: 'UnsharableImage',
    message: expect.stringContaining(visibility) as string,
  })
})

test('another project’s image cannot be shared on', async () => {
  const image = await share()
  await owner.images.members.add(image, projectOf(member))
  await expect(member.images.members.add(image, projectOf(third))).rejects.toMatchObject({
    name: 'UnsharableImage',
    message: expect.stringContaining(owner.projectId ?? '?') as string,
  })
})

test('errors that are no 403 stay what they are', async () => {
  const image = await share()
  await owner.images.members.add(image, projectOf(member))
  await expect(owner.images.members.add(image, projectOf(member))).rejects.toMatchObject({ name: 'ConflictError' })
  await expect(
    owner.images.members.add('11111111-1111-4111-8111-111111111111', projectOf(member)),
  ).rejects.toMatchObject({
    name: 'NotFoundError',
  })
  await expect(owner.images.members.add('', 'p')).rejects.toMatchObject({ name: 'UsageError' })
})

test('a project is added by its name where it can be found, and by no text that is neither', async () => {
  await using admin = await connect({
    auth: { authUrl: server.authUrl, username: 'boss', password: 'secret', projectName: 'owner' },
  })
  const image = await admin.images.create({ name: 'by name', visibility: 'shared' })
  expect(await admin.images.members.add(image, 'member')).toMatchObject({ memberId: projectOf(member) })
  expect(await owner.images.members.add(await share(), 'owner')).toMatchObject({ memberId: projectOf(owner) })
  for (const [cloud, text] of [
    [admin, 'nowhere'],
    [owner, 'member'],
    [owner, projectOf(member).slice(1)],
  ] as const) {
    const error: unknown = await cloud.images.members.add(image, text).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'NoMatchError', hint: expect.stringMatching(/id of the project/) as string })
  }
  expect(await admin.images.members.list(image)).toHaveLength(1)
  await expect(owner.images.members.add(image, '')).rejects.toMatchObject({ name: 'UsageError' })
})

test.each<[string, object, object]>([
  ['a fault of the server', { type: 'status', status: 500 }, { name: 'ServerError', status: 500 }],
  ['a lost connection', { type: 'reset' }, { name: 'ConnectionError' }],
])('%s while sharing is not taken for a refusal', async (_what, fault, error) => {
  const image = await share()
  await using faults = await startFaultServer({
    upstream: new URL(server.authUrl).origin,
    plan: [{ match: { method: 'POST' }, fault: fault as { type: 'reset' } }],
  })
  const cloud = await connect({
    auth: { authUrl: server.authUrl, username: 'owner', password: 'secret', projectName: 'owner' },
    imageEndpointOverride: `${faults.url}/image/v2`,
    retry: { retries: 0 },
  })
  await expect(cloud.images.members.add(image, projectOf(member))).rejects.toMatchObject(error)
  await cloud.close()
})
