import { path } from '../http/path.js'
import { UsageError } from '../errors/tyrax-error.js'

/** Where an object is: below the account, its name encoded as one path segment. */
export interface ObjectAddress {
  readonly container: string
  readonly name: string
}

export function objectPath({ container, name }: ObjectAddress): string {
  return containerPath(container) + path`/${name}`
}

/** The same text for the same object, for messages too. */
export function keyOf({ container, name }: ObjectAddress): string {
  return `${container}/${name}`
}

/** @throws UsageError for a name that no container can have */
export function containerPath(name: string): string {
  if (typeof name === 'string' && name.includes('/')) {
    throw new UsageError(`a container cannot be called ${name}`, { hint: "its name has no /; an object's may" })
  }
  return path`/${name}`
}
