import { createHash, randomUUID } from 'node:crypto'

/** An id that is the same in every cloud: of roles, services and endpoints. */
export function stableId(...words: readonly string[]): string {
  return createHash('sha256').update(words.join('/')).digest('hex').slice(0, 32)
}

/** An id of Keystone's form that nothing else has. */
export function freshId(): string {
  return randomUUID().replaceAll('-', '')
}
