import { expect, test } from 'vitest'
import { migrate, openDatabase } from '../../database/database.js'
import { createAccountRepository } from '../accounts/account-repository.js'
import { createContainerRepository } from '../containers/container-repository.js'
import { createObjectRepository } from '../objects/object-repository.js'
import { objectStoreMigrations } from './migrations.js'

test('an account of an older version has its counts, and they go on with its containers and objects', () => {
  const db = openDatabase(':memory:')
  migrate(
    db,
    objectStoreMigrations.filter(({ version }) => version < 3),
  )
  db.exec(`
    INSERT INTO accounts (name, metadata, created_ms) VALUES ('old', '{}', 0), ('empty', '{}', 0);
    INSERT INTO containers (account, name, metadata, created_ms, object_count, bytes_used)
      VALUES ('old', 'a', '{}', 0, 2, 30), ('old', 'b', '{}', 0, 1, 12);
  `)
  migrate(db, objectStoreMigrations)
  const accounts = createAccountRepository(db)
  const containers = createContainerRepository(db)
  const objects = createObjectRepository(db)
  const counts = (name = 'old') => {
    const account = accounts.find(name)
    return [account?.containers, account?.objects, account?.bytes]
  }
  expect([counts(), counts('empty')]).toEqual([
    [2, 3, 42],
    [0, 0, 0],
  ])
  expect([accounts.find('old')?.hadContainers, accounts.find('empty')?.hadContainers]).toEqual([true, false])
  containers.save('old', 'c', {}, 0)
  containers.save('old', 'c', { 'x-container-meta-a': '1' }, 0)
  const about = { etag: 'e', contentType: 't', modifiedMs: 0, metadata: {} }
  objects.save('old', 'c', { ...about, name: 'o', blob: 'b1', size: 8 })
  objects.save('old', 'c', { ...about, name: 'o', blob: 'b2', size: 5 })
  expect(counts()).toEqual([3, 4, 47])
  objects.remove({ account: 'old', container: 'c', object: 'o' })
  containers.remove('old', 'c')
  expect(counts()).toEqual([2, 3, 42])
  db.close()
})
