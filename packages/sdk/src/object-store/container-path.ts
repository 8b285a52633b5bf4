import { path } from '../http/path.js'
import { UsageError } from '../errors/tyrax-error.js'

/** @throws UsageError for a name that no container can have */
export function containerPath(name: string): string {
  if (typeof name === 'string' && name.includes('/')) {
    throw new UsageError(`a container cannot be called ${name}`, { hint: "its name has no /; an object's may" })
  }
  return path`/${name}`
}
