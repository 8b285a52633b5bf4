import type { WireImageTask, WireTask } from '@tyrax/protocol'
import { wireTime } from '../images/wire-time.js'
import type { TaskRecord } from './task-repository.js'

/** A task of an image, as Glance dumps its row (glance/db/sqlalchemy/api.py `_task_format`). */
export function toWireImageTask(task: TaskRecord): WireImageTask {
  return {
    id: task.id,
    type: task.type,
    status: task.status,
    owner: task.owner,
    expires_at: task.expires_at === null ? null : preciseTime(task.expires_at),
    created_at: preciseTime(task.created_at),
    updated_at: preciseTime(task.updated_at),
    deleted_at: null,
    deleted: false,
    image_id: task.image_id,
    request_id: task.request_id,
    user_id: task.user_id,
    input: task.input,
    result: task.result,
    message: task.message,
  }
}

/** A task in a list (glance/api/v2/tasks.py `_format_task_stub`). */
export function toWireTaskStub(task: TaskRecord): Omit<WireTask, 'input' | 'result' | 'message'> {
  return {
    id: task.id,
    type: task.type,
    status: task.status,
    owner: task.owner,
    created_at: wireTime(task.created_at),
    updated_at: wireTime(task.updated_at),
    self: `/v2/tasks/${task.id}`,
    schema: '/v2/schemas/task',
    ...(task.expires_at !== null && { expires_at: wireTime(task.expires_at) }),
  }
}

/** A task by itself (glance/api/v2/tasks.py `_format_task`). */
export function toWireTask(task: TaskRecord): WireTask {
  const { input, result, message, image_id, request_id, user_id } = task
  return {
    ...toWireTaskStub(task),
    input,
    result,
    message,
    ...(image_id !== null && { image_id }),
    ...(request_id !== null && { request_id }),
    ...(user_id !== null && { user_id }),
  }
}

/** `2026-11-25T22:07:17.632483`: microseconds, and no zone. */
function preciseTime(microseconds: number): string {
  const seconds = new Date(microseconds / 1000).toISOString().slice(0, 19)
  return `${seconds}.${String(microseconds % 1_000_000).padStart(6, '0')}`
}
