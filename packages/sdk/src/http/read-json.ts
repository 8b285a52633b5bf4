import { MalformedResponseError } from '../errors/connection-errors.js'
import type { ServiceResponse } from './service-response.js'

/**
 * Reads a JSON body and decodes it.
 * @throws MalformedResponseError naming the response that could not be decoded
 */
export async function readJson<T>(response: ServiceResponse, decode: (body: unknown) => T): Promise<T> {
  const body = await response.json()
  try {
    return decode(body)
  } catch (error) {
    const { status, requestId, method, url } = response
    const why = error instanceof Error ? error.message : String(error)
    throw new MalformedResponseError(`${method} ${url}: ${why}`, { status, requestId, method, url }, { cause: error })
  }
}

/** The array under `key` of a JSON object. @throws Error when there is none */
export function arrayAt(body: unknown, key: string): readonly unknown[] {
  const list = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined
  if (!Array.isArray(list)) throw new Error(`the response has no list of ${key}`)
  return list
}

/** A JSON array. @throws Error when it is something else */
export function arrayOf(body: unknown): readonly unknown[] {
  if (!Array.isArray(body)) throw new Error('the response is not a list')
  return body
}
