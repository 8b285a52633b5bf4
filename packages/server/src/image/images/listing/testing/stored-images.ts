import { migrate, openDatabase, type Database } from '../../../../database/database.js'
import { createMemberRepository, type MemberRepository } from '../../../members/member-repository.js'
import { imageMigrations } from '../../../migrations.js'
import type { ImageRecord } from '../../image-record.js'
import { createImageRepository, type ImageRepository } from '../../image-repository.js'
import { membersOf } from './naive-listing.js'

/** A new database that holds these images and their members. */
export function storeImages(images: readonly ImageRecord[]): {
  readonly db: Database
  readonly repository: ImageRepository
  readonly members: MemberRepository
} {
  const db = openDatabase(':memory:')
  migrate(db, imageMigrations)
  const repository = createImageRepository(db)
  const members = createMemberRepository(db)
  for (const image of images) repository.insert(image)
  for (const image of images) for (const member of membersOf(image)) members.insert(member)
  return { db, repository, members }
}
