import { taskTypes, type TaskType } from '@tyrax/protocol'
import { invalid } from '../errors.js'

/** The checked body of `POST /v2/tasks`. */
export interface TaskRequest {
  readonly type: TaskType
  readonly input: Readonly<Record<string, unknown>>
}

/** The properties of the task document that a body may have without effect. */
const otherKeys: ReadonlySet<string> = new Set([
  'id',
  'status',
  'result',
  'owner',
  'message',
  'image_id',
  'request_id',
  'user_id',
  'expires_at',
  'created_at',
  'updated_at',
  'self',
  'schema',
])

const mismatch = (reason: string) => invalid(`Provided object does not match schema 'task': ${reason}`)

/** @throws invalid (glance/api/v2/tasks.py `_validate_create_body`, and its schema) */
export function parseNewTask(body: unknown): TaskRequest {
  const given = new Map(typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : [])
  for (const key of ['type', 'input']) if (!given.has(key)) throw invalid(`Task '${key}' is required`)
  const wanted: unknown = given.get('type')
  const type = taskTypes.find((known) => known === wanted)
  if (type === undefined) {
    throw mismatch(`${show(wanted)} is not one of [${taskTypes.map((known) => `'${known}'`).join(', ')}]`)
  }
  const input: unknown = given.get('input') ?? {}
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw mismatch(`${show(input)} is not of type 'null', 'object'`)
  }
  const unexpected = [...given.keys()].find((key) => key !== 'type' && key !== 'input' && !otherKeys.has(key))
  if (unexpected !== undefined) {
    throw mismatch(`Additional properties are not allowed (${show(unexpected)} was unexpected)`)
  }
  return { type, input: input as Readonly<Record<string, unknown>> }
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
}
