import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultCloudConfig } from '../../config/defaults.js'
import { migrate, openDatabase, type Database } from '../../database/database.js'
import { openDirectory } from '../directory.js'
import { hashSecret } from '../secret-hash.js'
import { seedIdentity } from '../seed.js'
import { createTokenService } from '../tokens/token-service.js'
import { identityMigrations } from './migrations.js'

let db: Database
beforeEach(() => {
  db = openDatabase(':memory:')
})
afterEach(() => db.close())

/** The accounts as a cloud kept them whose accounts came from the configuration alone. */
function storeConfiguredAccounts(): void {
  migrate(
    db,
    identityMigrations.filter(({ version }) => version <= 3),
  )
  const user = db.prepare('INSERT INTO identity_users (id, name, password_hash, enabled) VALUES (?, ?, ?, ?)')
  user.run('u1', 'admin', hashSecret('secret'), 1)
  user.run('u2', 'demo', hashSecret('secret'), 1)
  user.run('u3', 'former', hashSecret('secret'), 0)
  const project = db.prepare('INSERT INTO identity_projects (id, name) VALUES (?, ?)')
  for (const [id, name] of [
    ['p1', 'admin'],
    ['p2', 'demo'],
    ['p3', 'former'],
  ] as const) {
    project.run(id, name)
  }
  const grant = db.prepare('INSERT INTO identity_assignments (user_id, scope, role) VALUES (?, ?, ?)')
  for (const scope of ['project:p1', 'domain', 'system']) grant.run('u1', scope, 'admin')
  grant.run('u2', 'project:p2', 'member')
}

test('accounts of a cloud that knew the configuration alone keep their ids, tokens and roles', () => {
  storeConfiguredAccounts()
  migrate(db, identityMigrations)
  const directory = openDirectory(db)
  const tokens = createTokenService(directory, () => new Date(), 3600)
  const scope = { kind: 'project', projectId: 'p2' } as const
  const { id } = tokens.issue({ userId: 'u2', scope, methods: ['password'] })

  seedIdentity(db, directory, defaultCloudConfig)

  expect(tokens.verify(id)).toMatchObject({ userId: 'u2', projectId: 'p2', roles: ['member', 'reader'] })
  expect(directory.users.list().map((user) => [user.id, user.name, user.enabled])).toEqual([
    ['u1', 'admin', true],
    ['u2', 'demo', true],
    ['u3', 'former', false],
  ])
  expect(directory.projects.list().map((project) => [project.id, project.description, project.enabled])).toEqual([
    ['p1', '', true],
    ['p2', '', true],
    ['p3', '', true],
  ])
  const names = directory.assignments.effectiveRolesOf('u1', { kind: 'system' }).map(({ name }) => name)
  expect(names).toEqual(['admin', 'manager', 'member', 'reader'])
})

test('a user that is configured no more is disabled by the first start that knows of requests', () => {
  storeConfiguredAccounts()
  migrate(db, identityMigrations)
  const directory = openDirectory(db)
  const users = defaultCloudConfig.users.filter(({ name }) => name === 'admin')
  seedIdentity(db, directory, { ...defaultCloudConfig, users })
  expect(directory.users.find('u2')?.enabled).toBe(false)
  expect(directory.assignments.projectsOf('u2')).toEqual([])
})
