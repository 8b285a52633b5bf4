import { readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'

/** GET /v2/info/import. Servers before Queens have no such route, and no import. */
export async function importMethods({ client }: ImageContext, { signal }: CallOptions = {}): Promise<string[]> {
  const response = await client.request({ method: 'GET', path: '/info/import', accept: [404], signal })
  if (response.status !== 404) return readJson(response, decodeMethods)
  await response.discard()
  return []
}

function decodeMethods(body: unknown): string[] {
  const { 'import-methods': methods } = (body ?? {}) as { 'import-methods'?: { value?: unknown } }
  const value = methods?.value
  if (!Array.isArray(value)) throw new Error('the response has no list of import methods')
  return value.filter((each) => typeof each === 'string')
}
