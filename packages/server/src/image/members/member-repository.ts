import type { MemberStatus } from '@tyrax/protocol'
import type { Database } from '../../database/database.js'

/** One project that an image is shared with. Times are microseconds since 1970. */
export interface MemberRecord {
  readonly image_id: string
  readonly member_id: string
  readonly status: MemberStatus
  readonly created_at: number
  readonly updated_at: number
}

export interface MemberRepository {
  list(imageId: string): MemberRecord[]
  find(imageId: string, memberId: string): MemberRecord | undefined
  count(imageId: string): number
  insert(member: MemberRecord): void
  setStatus(imageId: string, memberId: string, status: MemberStatus, at: number): void
  remove(imageId: string, memberId: string): void
}

/** The image members in SQLite. */
export function createMemberRepository(db: Database): MemberRepository {
  const columns = 'image_id, member_id, status, created_at, updated_at'
  const list = db.prepare(`SELECT ${columns} FROM image_members WHERE image_id = ? ORDER BY created_at, member_id`)
  const find = db.prepare(`SELECT ${columns} FROM image_members WHERE image_id = ? AND member_id = ?`)
  const count = db.prepare('SELECT count(*) AS count FROM image_members WHERE image_id = ?')
  const insert = db.prepare(
    `INSERT INTO image_members (${columns}, image_created_at, image_shared_hidden, image_number)
     SELECT ?1, ?2, ?3, ?4, ?5, created_at, CASE visibility WHEN 'shared' THEN os_hidden END, number FROM images WHERE id = ?1`,
  )
  const setStatus = db.prepare(
    'UPDATE image_members SET status = ?, updated_at = ? WHERE image_id = ? AND member_id = ?',
  )
  const remove = db.prepare('DELETE FROM image_members WHERE image_id = ? AND member_id = ?')
  return {
    list: (imageId) => list.all(imageId),
    find: (imageId, memberId) => find.get(imageId, memberId),
    count: (imageId) => (count.get(imageId) as { count: number }).count,
    insert(member) {
      insert.run(member.image_id, member.member_id, member.status, member.created_at, member.updated_at)
    },
    setStatus(imageId, memberId, status, at) {
      setStatus.run(status, at, imageId, memberId)
    },
    remove(imageId, memberId) {
      remove.run(imageId, memberId)
    },
  }
}
