import { createHash, randomUUID } from 'node:crypto'

/** An id that is the same in every cloud, for roles, services and endpoints. */
export function stableId(...words: readonly string[]): string {
  return createHash('sha256').update(words.join('/')).digest('hex').slice(0, 32)
}

/** A new random id in Keystone's format. */
export function freshId(): string {
  return randomUUID().replaceAll('-', '')
}
