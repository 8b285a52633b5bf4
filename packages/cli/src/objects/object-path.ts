import { UsageError } from '@tyrax/sdk'

/** `CONTAINER/OBJECT`; the object's name may hold more slashes. @throws UsageError naming the argument */
export function splitObjectPath(what: string, text: string): { container: string; object: string } {
  const at = text.indexOf('/')
  const container = at < 0 ? text : text.slice(0, at)
  const object = at < 0 ? '' : text.slice(at + 1)
  if (container === '' || object === '') {
    throw new UsageError(`${what} takes CONTAINER/OBJECT, not ${JSON.stringify(text)}`)
  }
  return { container, object }
}
