import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultCloudConfig } from '../../config/defaults.js'
import { migrate, openDatabase, type Database } from '../../database/database.js'
import { openDirectory, type Directory } from '../directory.js'
import type { ProjectRecord } from '../projects/project-repository.js'
import { seedIdentity } from '../seed.js'
import { identityMigrations } from '../tables/migrations.js'
import type { UserRecord } from '../users/user-repository.js'
import { createTokenService, type TokenService } from './token-service.js'

const lifeSeconds = 3600

let db: Database
let directory: Directory
let now: number
let tokens: TokenService
let userId: string
let projectId: string
beforeEach(() => {
  db = openDatabase(':memory:')
  migrate(db, identityMigrations)
  directory = openDirectory(db)
  seedIdentity(db, directory, defaultCloudConfig)
  now = Date.parse('2026-01-02T03:04:05Z')
  tokens = createTokenService(directory, () => new Date(now), lifeSeconds)
  userId = directory.users.findByName('demo')?.id ?? ''
  projectId = directory.projects.findByName('demo')?.id ?? ''
})
afterEach(() => db.close())

function changeUser(change: Partial<UserRecord>): void {
  const user = directory.users.find(userId)
  if (user !== undefined) directory.users.update({ ...user, ...change })
}

function changeProject(change: Partial<ProjectRecord>): void {
  const project = directory.projects.find(projectId)
  if (project !== undefined) directory.projects.update({ ...project, ...change })
}

const issue = (applicationCredentialId: string | null = null) =>
  tokens.issue({ userId, scope: { kind: 'project', projectId }, methods: ['password'], applicationCredentialId }).id

function addCredential(expiresAt: number | null): string {
  const credential = { id: 'c', userId, projectId, name: 'c', description: null, secretHash: '', roles: ['reader'] }
  directory.applicationCredentials.insert({ ...credential, expiresAt, unrestricted: false, accessRules: [] })
  return credential.id
}

test('a token stands for its user, however often it is looked up', () => {
  const id = issue()
  for (let time = 0; time < 3; time += 1) {
    expect(tokens.verify(id)).toMatchObject({ token: id, userId, projectId, userName: 'demo', isAdmin: false })
  }
  expect(tokens.verify(`${id}x`)).toBeUndefined()
})

test.each<[string, (id: string) => void]>([
  ['is revoked', (id) => tokens.revoke(id)],
  ['is revoked by another service', (id) => createTokenService(directory, () => new Date(now), 1).revoke(id)],
  ['loses its user', () => directory.users.remove(userId)],
  ['is of a user that is disabled', () => changeUser({ enabled: false })],
  ['is for a project that is disabled', () => changeProject({ enabled: false })],
  ['loses its roles', () => directory.assignments.removeOfActor(userId)],
  ['expires', () => (now += lifeSeconds * 1000)],
])('a token that was good a moment ago is none once it %s', (_, end) => {
  const id = issue()
  expect(tokens.verify(id)).toBeDefined()
  end(id)
  expect(tokens.verify(id)).toBeUndefined()
  expect(tokens.find(id)).toBeUndefined()
})

test('a token has the roles that its user has now', () => {
  const id = issue()
  const roles = (...names: string[]) => {
    const scope = { kind: 'project', projectId } as const
    directory.assignments.removeOfActor(userId)
    for (const role of names) directory.assignments.add({ actorId: userId, scope, role })
    return tokens.verify(id)?.roles
  }
  expect(roles('reader')).toEqual(['reader'])
  expect(roles('admin')).toEqual(['admin', 'manager', 'member', 'reader'])
  expect(roles('reader')).toEqual(['reader'])
})

test.each<[string, () => void]>([
  ['is removed', () => directory.applicationCredentials.remove('c')],
  ['expires', () => (now += 1000)],
])('a token ends when its application credential %s', (_, end) => {
  const id = issue(addCredential(now + 1000))
  expect(tokens.verify(id)?.roles).toEqual(['reader'])
  end()
  expect(tokens.verify(id)).toBeUndefined()
})

test('a role that is given and taken back with its transaction leaves no trace', () => {
  const id = issue()
  db.exec('BEGIN')
  directory.assignments.add({ actorId: userId, scope: { kind: 'project', projectId }, role: 'admin' })
  expect(tokens.verify(id)?.isAdmin).toBe(true)
  db.exec('ROLLBACK')
  expect(tokens.verify(id)?.isAdmin).toBe(false)
})

test('more tokens than are remembered are all good', () => {
  const ids = Array.from({ length: 1100 }, () => issue())
  for (let time = 0; time < 2; time += 1) for (const id of ids) expect(tokens.verify(id)?.token).toBe(id)
})
