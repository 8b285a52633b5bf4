import type { CallOptions } from '../../service/call-options.js'
import type { ImageTaskStatus, ImageTaskType } from './image-task.js'

/** What `images.tasks.all` takes. */
export interface ImageTaskListParams extends CallOptions {
  readonly status?: ImageTaskStatus | undefined
  /** Servers refuse to list `api_image_import` alone. */
  readonly type?: ImageTaskType | undefined
  /** @default 'created_at', by the server */
  readonly sortKey?: 'id' | 'type' | 'status' | 'created_at' | 'updated_at' | 'expires_at' | undefined
  /** @default 'desc', by the server */
  readonly sortDir?: 'asc' | 'desc' | undefined
  /** Size of a page. @default the server's */
  readonly limit?: number | undefined
  /** The id of the task after which to begin. */
  readonly marker?: string | undefined
}

/** What `images.tasks.create` takes: an import of the old kind, which makes a new image. */
export interface ImageTaskInput {
  /** The address of the data. */
  readonly importFrom: string
  /** The disk format of the data, e.g. `qcow2`. */
  readonly importFromFormat: string
  /** Fields and properties of the new image under Glance's names: `name`, `disk_format`, `container_format`, … */
  readonly imageProperties: Readonly<Record<string, string>>
}
