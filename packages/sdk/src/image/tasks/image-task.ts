import { decodeTime } from '../../http/wire-time.js'

/** The status of a task (`glance/domain/__init__.py`, `Task`). Newer servers may know others. */
export type ImageTaskStatus = 'pending' | 'processing' | 'success' | 'failure' | (string & {})

/** What a task does. `import` is the old API for tasks, the others belong to an image. */
export type ImageTaskType = 'import' | 'api_image_import' | 'location_import' | (string & {})

/** Work that the server does in the background: an import, or the hash of a location. Kept for 48 hours afterwards. */
export interface ImageTask {
  readonly id: string
  readonly type: ImageTaskType
  readonly status: ImageTaskStatus
  /** The project that it belongs to. */
  readonly owner: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  /** When the server may forget it; null while it runs. */
  readonly expiresAt: Date | null
  /** Progress, or why it failed. Empty when there is nothing to report, and in the list of all tasks. */
  readonly message: string
  /** What was requested, as the server keeps it. Null in the list of all tasks. */
  readonly input: Readonly<Record<string, unknown>> | null
  /** Null while it runs, and in the list of all tasks. */
  readonly result: Readonly<Record<string, unknown>> | null
  readonly imageId: string | null
  /** The id of the request that started it. */
  readonly requestId: string | null
  readonly userId: string | null
}

/** A task from its JSON: of /v2/tasks, or of an image, whose times have no zone. @throws Error when it is not a task */
export function decodeTask(wire: unknown): ImageTask {
  const task = (typeof wire === 'object' && wire !== null ? wire : {}) as Record<string, unknown>
  const { id, type, status } = task
  if (typeof id !== 'string' || typeof status !== 'string') throw new Error('the response is not a task')
  return {
    id,
    type: typeof type === 'string' ? type : '',
    status,
    owner: textOrNull(task['owner']),
    createdAt: decodeTime(task['created_at']),
    updatedAt: decodeTime(task['updated_at']),
    expiresAt: typeof task['expires_at'] === 'string' ? decodeTime(task['expires_at']) : null,
    message: textOrNull(task['message']) ?? '',
    input: objectOrNull(task['input']),
    result: objectOrNull(task['result']),
    imageId: textOrNull(task['image_id']),
    requestId: textOrNull(task['request_id'] ?? task['request-id']),
    userId: textOrNull(task['user_id'] ?? task['user']),
  }
}

/** Whether the task has ended, one way or the other. */
export const isEndedTask = ({ status }: ImageTask): boolean => status === 'success' || status === 'failure'

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const objectOrNull = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
