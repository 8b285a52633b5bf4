import type { ImageTask } from '@tyrax/sdk'
import { wireTime } from '../output/cells.js'
import type { Columns } from '../output/columns.js'
import type { Row } from '../output/result.js'

export const taskColumns = ['id', 'type', 'status', 'message', 'created_at'] as const

export const taskRecord: Columns = {
  names: [...taskColumns, 'updated_at', 'expires_at', 'owner', 'image_id', 'user_id', 'request_id', 'input', 'result'],
}

/** A task under Glance's own names. */
export function taskRow(task: ImageTask): Row {
  return {
    id: task.id,
    type: task.type,
    status: task.status,
    message: task.message,
    created_at: wireTime(task.createdAt),
    updated_at: wireTime(task.updatedAt),
    expires_at: task.expiresAt === null ? null : wireTime(task.expiresAt),
    owner: task.owner,
    image_id: task.imageId,
    user_id: task.userId,
    request_id: task.requestId,
    input: task.input,
    result: task.result,
  }
}
