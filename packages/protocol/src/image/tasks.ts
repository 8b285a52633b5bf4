/** The states of a task (`glance/domain/__init__.py`, `Task`). The last two are final. */
export const taskStatuses = ['pending', 'processing', 'success', 'failure'] as const
/** Where a task stands. */
export type TaskStatus = (typeof taskStatuses)[number]

/** The kinds of tasks (glance/api/v2/tasks.py `_TASK_SCHEMA`). */
export const taskTypes = ['import', 'api_image_import', 'location_import'] as const
/** What a task does. */
export type TaskType = (typeof taskTypes)[number]

/** How long a finished task can be read (glance/common/config.py `task_time_to_live`). */
export const taskLifeHours = 48

/**
 * A task of an image as `GET /v2/images/{id}/tasks` returns it. Times have microseconds and no zone:
 * `2026-11-25T22:07:17.632483`, in UTC.
 */
export interface WireImageTask {
  id: string
  type: TaskType
  status: TaskStatus
  owner: string | null
  /** Null until the task is finished. */
  expires_at: string | null
  created_at: string
  updated_at: string
  deleted_at: null
  deleted: false
  image_id: string | null
  /** The `x-openstack-request-id` of the response that started the task. */
  request_id: string | null
  user_id: string | null
  input: Record<string, unknown> | null
  result: Record<string, unknown> | null
  /** `Copied 12 MiB` while bytes are copied, the reason after a failure. */
  message: string
}

/** A task as `GET /v2/tasks/{id}` returns it. Times are `2026-11-25T22:07:17Z`. */
export interface WireTask {
  id: string
  type: TaskType
  status: TaskStatus
  owner: string | null
  input: Record<string, unknown> | null
  result: Record<string, unknown> | null
  message: string
  created_at: string
  updated_at: string
  /** Absent until the task is finished. */
  expires_at?: string
  image_id?: string
  request_id?: string
  user_id?: string
  self: string
  schema: string
}
