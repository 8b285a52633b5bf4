import { path } from '../http/path.js'
import { containerPath } from './container-path.js'

/** Where an object is: below the account, its name encoded as one segment. */
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
