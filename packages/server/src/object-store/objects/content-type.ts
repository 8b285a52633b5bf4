import { mimes } from 'hono/utils/mime'

/** Python's `mimetypes.suffix_map` and `encodings_map`: endings that stand for two, and those that say how, not what. */
const short: Readonly<Record<string, string>> = {
  tgz: 'tar.gz',
  taz: 'tar.gz',
  tz: 'tar.gz',
  tbz2: 'tar.bz2',
  txz: 'tar.xz',
}
const compressions = ['gz', 'Z', 'bz2', 'xz', 'br']
/** Where Python has another type than the list, or the list has none. */
const others: Readonly<Record<string, string>> = { tar: 'application/x-tar', ico: 'image/vnd.microsoft.icon' }

/**
 * The type of an object by its name (swift/proxy/controllers/obj.py `_update_content_type`): of the names those that
 * every Python knows; a real Swift also goes by its host's mime.types.
 */
export function contentTypeByName(name: string): string {
  return guess(name) ?? 'application/octet-stream'
}

function guess(name: string): string | undefined {
  const [, ...endings] = (name.split('/').at(-1) ?? '').replace(/^\.+/, '').split('.')
  const last = endings.pop() ?? ''
  endings.push(...(ownOf(short, last) ?? last).split('.'))
  if (compressions.includes(endings.at(-1) ?? '')) endings.pop()
  const ending = endings.at(-1)?.toLowerCase() ?? ''
  const type = ownOf(others, ending) ?? ownOf(mimes, ending)
  return type?.split(';')[0]
}

/** A name may end in that of anything that objects inherit. */
function ownOf(types: Readonly<Record<string, string>>, ending: string): string | undefined {
  return Object.hasOwn(types, ending) ? types[ending] : undefined
}
