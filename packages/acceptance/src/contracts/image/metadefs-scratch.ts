import type { WireMetadefNamespace } from '@tyrax/protocol'
import { expect } from 'vitest'
import type { Scratch } from '../scratch.js'
import type { Account } from '../target.js'
import type { Answer } from '../wire.js'

export const namespaces = '/v2/metadefs/namespaces'

/** The path of a namespace, or of something in it. */
export function pathOf(namespace: string, ...rest: readonly string[]): string {
  return [namespaces, ...[namespace, ...rest].map(encodeURIComponent)].join('/')
}

/** Creates a namespace of the admin's project, which is removed after the test with all that it holds. */
export async function createNamespace(
  scratch: Scratch,
  fields: Partial<WireMetadefNamespace> = {},
): Promise<WireMetadefNamespace> {
  const namespace = fields.namespace ?? scratch.name()
  trackNamespace(scratch, namespace)
  const made = await scratch.admin.image('POST', namespaces, { json: { namespace, ...fields } })
  if (made.status !== 201) throw new Error(`no namespace made: ${made.status} ${made.text}`)
  return made.json<WireMetadefNamespace>()
}

/** Removes a namespace after the test, protected or not. */
export function trackNamespace(scratch: Scratch, namespace: string): void {
  scratch.later(async () => {
    await scratch.admin.image('PUT', pathOf(namespace), { json: { namespace } })
    await scratch.admin.image('DELETE', pathOf(namespace))
  })
}

/** Expects an error of this status whose message begins with the text. */
export async function expectRefusal(
  account: Account,
  [method, path, json]: readonly [method: string, path: string, json?: unknown],
  status: number,
  text: string,
): Promise<void> {
  const answer = await account.image(method, path, { json, headers: { accept: 'application/json' } })
  expect([answer.status, messageOf(answer).slice(0, text.length)]).toEqual([status, text])
}

function messageOf(answer: Answer): string {
  if (!answer.text.startsWith('{')) return answer.text
  const { message } = answer.json<{ message?: unknown }>()
  return typeof message === 'string' ? message : answer.text
}

export const wireTimePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
