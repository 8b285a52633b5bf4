import { expect, test } from 'vitest'
import { migrate, openDatabase } from '../../database/database.js'
import { createImageRepository } from '../images/image-repository.js'
import { imageSearch } from '../images/listing/image-search.js'
import { parseListQuery } from '../images/listing/list-query.js'
import { imageMigrations } from '../migrations.js'

test('a database of the first version is brought up to date with everything it holds', async () => {
  const db = openDatabase(':memory:')
  migrate(
    db,
    imageMigrations.filter(({ version }) => version === 1),
  )
  db.exec(`
    INSERT INTO images (id, name, status, visibility, protected, os_hidden, owner, min_disk, min_ram, created_at, updated_at)
    VALUES ('b', 'two', 'active', 'shared', 0, 1, 'p', 0, 0, 2, 2), ('c', 'three', 'deleted', 'shared', 0, 0, 'p', 0, 0, 0, 3),
        ('a', 'one', 'active', 'shared', 0, 0, 'p', 0, 0, 1, 1);
    UPDATE images SET deleted = 1 WHERE id = 'c';
    INSERT INTO image_tags VALUES ('a', 't'), ('b', 't');
    INSERT INTO image_properties VALUES ('a', 'k', 'v'), ('b', 'k', 'v');
    INSERT INTO image_members VALUES ('a', 'q', 'accepted', 3, 4), ('b', 'q', 'accepted', 3, 4);
  `)
  migrate(db, imageMigrations)
  const images = createImageRepository(db)
  const member = {
    token: 't',
    userId: 'u',
    userName: 'u',
    projectId: 'q',
    projectName: 'q',
    domainId: undefined,
    roles: ['reader'],
    isAdmin: false,
    accessRules: [],
    expiresAt: new Date(0),
  }
  for (const query of ['', 'tag=t', 'k=v', 'name=one', 'tag=t&k=v&status=active']) {
    const shown = await images.list(imageSearch(parseListQuery(new URLSearchParams(query)), member, undefined))
    expect(shown.images).toMatchObject([{ id: 'a', tags: ['t'], properties: { k: 'v' } }])
  }
  const hidden = await images.list(
    imageSearch(parseListQuery(new URLSearchParams('tag=t&k=v&os_hidden=true')), member, undefined),
  )
  expect(hidden.images).toMatchObject([{ id: 'b' }])
  expect(db.prepare('SELECT created_at, updated_at, image_created_at, image_number FROM image_members').all()).toEqual([
    { created_at: 3, updated_at: 4, image_created_at: 1, image_number: 2 },
    { created_at: 3, updated_at: 4, image_created_at: 2, image_number: 3 },
  ])
  expect(db.prepare('SELECT id, number, late FROM images ORDER BY number').all()).toEqual([
    { id: 'c', number: 1, late: 0 },
    { id: 'a', number: 2, late: 0 },
    { id: 'b', number: 3, late: 0 },
  ])
  for (const table of ['image_tags', 'image_properties']) {
    expect(db.prepare(`SELECT image_id, image_number FROM ${table} ORDER BY image_id`).all()).toEqual([
      { image_id: 'a', image_number: 2 },
      { image_id: 'b', image_number: 3 },
    ])
  }
})
