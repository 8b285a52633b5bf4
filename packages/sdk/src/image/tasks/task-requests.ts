import { UsageError } from '../../errors/tyrax-error.js'
import { path } from '../../http/path.js'
import { arrayAt, readJson } from '../../http/read-json.js'
import { checkPageSize } from '../../paging/page-size.js'
import type { Page } from '../../paging/paged-list.js'
import type { CallOptions } from '../../service/call-options.js'
import type { Query } from '../../service/service-client.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import { decodeTask, type ImageTask } from './image-task.js'
import type { ImageTaskInput, ImageTaskListParams } from './task-options.js'

/** GET /v2/images/{id}/tasks, newest first: the server's order is not defined. */
export async function tasksOfImage(
  { client }: ImageContext,
  image: ImageRef,
  options: CallOptions = {},
): Promise<ImageTask[]> {
  const response = await client.request({
    method: 'GET',
    path: path`/images/${imageId(image)}/tasks`,
    signal: options.signal,
  })
  const tasks = await readJson(response, (body) => arrayAt(body, 'tasks').map(decodeTask))
  return tasks.toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
}

/** GET /v2/tasks, one page. */
export async function pageOfTasks(
  { client }: ImageContext,
  params: ImageTaskListParams,
  marker: string | undefined,
): Promise<Page<ImageTask>> {
  checkPageSize(params.limit)
  const response = await client.request({
    method: 'GET',
    path: '/tasks',
    query: queryOf(params, marker),
    signal: params.signal,
  })
  return { ...(await readJson(response, decodePage)), bytes: response.received() }
}

/** GET /v2/tasks/{id} */
export async function oneTask({ client }: ImageContext, id: string, options: CallOptions): Promise<ImageTask> {
  const response = await client.request({ method: 'GET', path: path`/tasks/${id}`, signal: options.signal })
  return readJson(response, decodeTask)
}

/** POST /v2/tasks */
export async function newTask(
  { client }: ImageContext,
  { importFrom, importFromFormat, imageProperties }: ImageTaskInput,
  options: CallOptions,
): Promise<ImageTask> {
  if (typeof importFrom !== 'string' || importFrom === '') {
    throw new UsageError('a task needs the address of the data', { hint: "importFrom: 'http://…'" })
  }
  const response = await client.request({
    method: 'POST',
    path: '/tasks',
    json: {
      type: 'import',
      input: {
        import_from: importFrom,
        import_from_format: importFromFormat,
        image_properties: imageProperties,
      },
    },
    signal: options.signal,
  })
  return readJson(response, decodeTask)
}

function queryOf({ status, type, sortKey, sortDir, limit }: ImageTaskListParams, marker: string | undefined): Query {
  const given = { status, type, sort_key: sortKey, sort_dir: sortDir, limit, marker }
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]))
}

/** Only the marker is taken from `next`, as for images. */
function decodePage(body: unknown): Page<ImageTask> {
  const items = arrayAt(body, 'tasks').map(decodeTask)
  const next = (body as Record<string, unknown>)['next']
  if (typeof next !== 'string') return { items }
  const marker = new URLSearchParams(next.slice(next.indexOf('?') + 1)).get('marker') ?? items.at(-1)?.id
  return marker === undefined ? { items } : { items, marker }
}
