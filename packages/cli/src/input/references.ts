import { UsageError } from '@tyrax/sdk'
import { looksLikePath } from './sources.js'

/** What a reference names. `cloud` is an entry of clouds.yaml; undefined: the current cloud. */
export type Reference = ImageReference | ObjectReference | FileReference | UrlReference | StreamReference

export interface ImageReference {
  readonly kind: 'image'
  readonly text: string
  readonly cloud: string | undefined
  /** An id or a name; empty for a destination that takes the name of what is copied. */
  readonly image: string
}
export interface ObjectReference {
  readonly kind: 'object'
  readonly text: string
  readonly cloud: string | undefined
  readonly container: string
  /** Empty for a destination that takes the name of what is copied. */
  readonly object: string
}
export interface FileReference {
  readonly kind: 'file'
  readonly text: string
  /** As it was written; ends in `/` for a folder. */
  readonly path: string
}
export interface UrlReference {
  readonly kind: 'url'
  readonly text: string
}
/** Standard input or output. */
export interface StreamReference {
  readonly kind: 'stream'
  readonly text: '-'
}

const grammar =
  'NAME or id:UUID (an image), CLOUD:NAME (in another cloud), swift:CONTAINER/OBJECT, file:PATH, https://…, or -'

/** What a reference is for: a destination may leave out the name, and must not be an id or an address. */
export type Role = 'source' | 'destination'

/** Reads a reference. @throws UsageError for one that is wrong, or that could mean two things */
export function parseReference(text: string, role: Role): Reference {
  if (text === '') throw refused(text, 'is empty')
  if (text === '-') return { kind: 'stream', text }
  if (/^[a-z]:[\\/]/i.test(text)) throw refused(text, 'looks like a path', `write file:${text} for the file`)
  const [, prefix, rest = ''] = /^([^:]*):(.*)$/s.exec(text) ?? []
  if (prefix === undefined) return plainName(text, role)
  if (prefix.toLowerCase() === 'file') return fileAt(text, rest)
  if (/^https?$/i.test(prefix) && rest.startsWith('//')) return urlAt(text, role)
  if (rest.startsWith('//')) throw refused(text, `has an unknown scheme, ${prefix}:`, `the forms are ${grammar}`)
  return inCloud(text, prefix, rest, role)
}

function inCloud(text: string, prefix: string, rest: string, role: Role): ImageReference | ObjectReference {
  const here = placeIn(text, undefined, prefix, rest, role)
  if (here) return here
  if (!/^[\w.@+-]+$/.test(prefix)) {
    throw refused(text, 'names no cloud before its colon', `write image:${text} for an image of this name`)
  }
  const [, kind, name = ''] = /^(id|image|swift):(.*)$/s.exec(rest) ?? []
  const there = kind === undefined ? undefined : placeIn(text, prefix, kind, name, role)
  return there ?? imageCalled(text, prefix, rest, role)
}

/** By the word before the colon; undefined when that is not a word of the grammar. */
function placeIn(
  text: string,
  cloud: string | undefined,
  word: string,
  rest: string,
  role: Role,
): ImageReference | ObjectReference | undefined {
  if (word === 'image') return imageCalled(text, cloud, rest, role)
  if (word === 'swift') return objectAt(text, cloud, rest, role)
  if (word !== 'id') return undefined
  if (role === 'destination') {
    throw refused(text, 'is an existing image, and data is never replaced', 'name the copy; --id sets its id')
  }
  if (!/^[0-9a-f-]{4,36}$/i.test(rest)) throw refused(text, 'is no id', 'an id has hexadecimal digits and hyphens')
  return { kind: 'image', text, cloud, image: rest }
}

function imageCalled(text: string, cloud: string | undefined, image: string, role: Role): ImageReference {
  if (image === '' && (role === 'source' || cloud === undefined)) throw refused(text, 'names no image')
  return { kind: 'image', text, cloud, image }
}

function objectAt(text: string, cloud: string | undefined, rest: string, role: Role): ObjectReference {
  const at = rest.indexOf('/')
  const container = at < 0 ? rest : rest.slice(0, at)
  const object = at < 0 ? '' : rest.slice(at + 1)
  if (container === '' || (role === 'source' && object === '')) {
    throw refused(text, 'names no object', 'write swift:CONTAINER/OBJECT')
  }
  return { kind: 'object', text, cloud, container, object }
}

function fileAt(text: string, rest: string): FileReference {
  if (rest === '' || rest === '//') throw refused(text, 'names no file')
  return { kind: 'file', text, path: rest.startsWith('///') ? text : rest }
}

function urlAt(text: string, role: Role): UrlReference {
  if (role === 'source') return { kind: 'url', text }
  throw refused('an http address', 'cannot be written to', 'put the data into object storage: swift:CONTAINER/OBJECT')
}

/** A plain name is an image; one that looks like a file's may be meant as either. */
function plainName(text: string, role: Role): ImageReference {
  if (!looksLikePath(text)) return imageCalled(text, undefined, text, role)
  throw refused(text, 'could be a file or an image', `write file:${text} for the file, image:${text} for the image`)
}

function refused(text: string, what: string, hint = `the forms are ${grammar}`): UsageError {
  return new UsageError(`The reference ${JSON.stringify(text)} ${what}`, { hint })
}
