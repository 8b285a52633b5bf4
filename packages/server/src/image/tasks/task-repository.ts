import { taskLifeHours, type TaskStatus, type TaskType } from '@tyrax/protocol'
import type { Database } from '../../database/database.js'
import { invalid } from '../errors.js'
import type { TaskColumn, TaskQuery } from './task-query.js'

/** A task as it is stored. Times are microseconds since 1970. */
export interface TaskRecord {
  readonly id: string
  readonly type: TaskType
  readonly status: TaskStatus
  readonly owner: string | null
  readonly image_id: string | null
  readonly user_id: string | null
  readonly request_id: string | null
  readonly input: Readonly<Record<string, unknown>>
  readonly result: Readonly<Record<string, unknown>> | null
  readonly message: string
  readonly created_at: number
  readonly updated_at: number
  /** Null until the task is finished. */
  readonly expires_at: number | null
}

/** How a task ended. */
export type TaskOutcome =
  | { readonly status: 'success'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly status: 'failure'; readonly message: string }

/**
 * The tasks. None of the methods opens a transaction, so that an import can change its image and its task in one step.
 */
export interface TaskRepository {
  insert(task: TaskRecord): void
  find(id: string): TaskRecord | undefined
  /** The tasks of an image, the oldest first. */
  listByImage(imageId: string): TaskRecord[]
  /** A page of the tasks of all projects. @throws invalid for an unknown marker */
  list(query: TaskQuery): TaskRecord[]
  begin(id: string, at: number): void
  report(id: string, message: string, at: number): void
  /** Ends a task; one that has ended stays as it is. */
  finish(id: string, outcome: TaskOutcome, at: number): void
  /** The tasks that have not ended. */
  unfinished(): TaskRecord[]
  /** Removes the tasks that ended too long ago. */
  dropExpired(now: number): void
}

const columns =
  'id, type, status, owner, image_id, user_id, request_id, input, result, message, created_at, updated_at, expires_at'
const lifeMicroseconds = taskLifeHours * 3600 * 1_000_000

export function createTaskRepository(db: Database): TaskRepository {
  const insert = db.prepare(`INSERT INTO tasks (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const find = db.prepare(`SELECT ${columns} FROM tasks WHERE id = ?`)
  const listByImage = db.prepare(`SELECT ${columns} FROM tasks WHERE image_id = ? ORDER BY created_at, id`)
  const begin = db.prepare(`UPDATE tasks SET status = 'processing', updated_at = ? WHERE id = ? AND status = 'pending'`)
  const report = db.prepare(`UPDATE tasks SET message = ?, updated_at = ? WHERE id = ? AND expires_at IS NULL`)
  const finish = db.prepare(
    `UPDATE tasks SET status = ?, result = ?, message = coalesce(?, message), updated_at = ?, expires_at = ?
     WHERE id = ? AND expires_at IS NULL`,
  )
  const unfinished = db.prepare(`SELECT ${columns} FROM tasks WHERE expires_at IS NULL`)
  const expired = db.prepare('SELECT 1 FROM tasks WHERE expires_at <= ?')
  const dropExpired = db.prepare('DELETE FROM tasks WHERE expires_at <= ?')
  return {
    insert(task) {
      const { id, type, status, owner, image_id, user_id, request_id, input, result, message } = task
      const json = [JSON.stringify(input), result === null ? null : JSON.stringify(result)]
      const times = [task.created_at, task.updated_at, task.expires_at]
      insert.run(id, type, status, owner, image_id, user_id, request_id, ...json, message, ...times)
    },
    find(id) {
      const row = find.get(id)
      return row === undefined ? undefined : toTask(row)
    },
    listByImage: (imageId) => listByImage.all(imageId).map(toTask),
    list: (query) => listTasks(db, query).map(toTask),
    begin(id, at) {
      begin.run(at, id)
    },
    report(id, message, at) {
      report.run(message, at, id)
    },
    finish(id, outcome, at) {
      const result = outcome.status === 'success' ? JSON.stringify(outcome.result) : null
      const message = outcome.status === 'failure' ? outcome.message : null
      finish.run(outcome.status, result, message, at, at + lifeMicroseconds, id)
    },
    unfinished: () => unfinished.all().map(toTask),
    dropExpired(now) {
      if (expired.get(now) !== undefined) dropExpired.run(now)
    },
  }
}

/** Sorted by the key, then by creation and id, all in one direction (glance/db/sqlalchemy/api.py `task_get_all`). */
function listTasks(db: Database, { filters, sortKey, sortDirection, marker, limit }: TaskQuery): unknown[] {
  const keys = [...new Set<TaskColumn>([sortKey, 'created_at', 'id'])]
  // Null sorts first, and is less than any marker.
  const order = keys.map((key) => `coalesce(${key}, '')`)
  const conditions = [...filters.keys()].map((column) => `${column} = ?`)
  const values: (string | number)[] = [...filters.values()]
  if (marker !== undefined) {
    const row = db
      .prepare(`SELECT ${order.map((key, at) => `${key} AS k${at}`).join(', ')} FROM tasks WHERE id = ?`)
      .get(marker)
    if (row === undefined) throw invalid(`Task with the given id ${marker} was not found`)
    conditions.push(`(${order.join(', ')}) ${sortDirection === 'asc' ? '>' : '<'} (${order.map(() => '?').join(', ')})`)
    values.push(...Object.values<string | number>(row as Record<string, string | number>))
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sorting = order.map((key) => `${key} ${sortDirection}`).join(', ')
  return db.prepare(`SELECT ${columns} FROM tasks ${where} ORDER BY ${sorting} LIMIT ?`).all(...values, limit)
}

function toTask(row: unknown): TaskRecord {
  const { input, result, ...rest } = row as Omit<TaskRecord, 'input' | 'result'> & {
    input: string
    result: string | null
  }
  return { ...rest, input: readJson(input) ?? {}, result: result === null ? null : readJson(result) }
}

const readJson = (text: string) => JSON.parse(text) as Readonly<Record<string, unknown>> | null
