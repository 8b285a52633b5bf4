import { commonProperties } from '@tyrax/protocol'
import type { Context } from '../command/context.js'
import { type Candidate, isTypable } from './candidate.js'
import { type Known, knownNames } from './known-names.js'
import { inNamespace } from './metadef-values.js'
import type { TypedLine } from './position.js'
import { named, offered, type Source, startsWith } from './source.js'

export const images: Source = async ({ context, typed, text }) => {
  const known = await knownImages(context, text)
  const names = new Map<string, number>()
  for (const { name } of known) names.set(name, (names.get(name) ?? 0) + 1)
  const isHex = /^[0-9a-f][0-9a-f-]*$/i.test(text)
  const candidates = known.flatMap(({ name, id = '', description }): Candidate[] => {
    const isUnique = isTypable(name) && names.get(name) === 1
    return [
      ...(isUnique ? [{ value: name, description }] : []),
      // A name that several images have is no use to a command.
      ...(!isUnique || isHex
        ? [{ value: id, description: [name, description].filter((each) => each !== '').join(', ') }]
        : []),
    ]
  })
  return { candidates: candidates.filter(({ value }) => !typed.args.includes(value)) }
}

/** The newest ones, if there are too many. */
const mostImages = 1000

export function knownImages(context: Context, text: string): Promise<readonly Known[]> {
  const isMatch = ({ name, id }: Known) => name.startsWith(text) || (id ?? '').startsWith(text)
  return knownNames(context, 'images', isMatch, async (cloud) => {
    const list = cloud.images.list({ limit: mostImages, signal: context.signal })
    const found = (await list.toArray({ atMost: mostImages })).map((image) => ({
      name: image.name ?? '',
      id: image.id,
      description: [image.status, image.diskFormat].filter(Boolean).join(', '),
      tags: image.tags,
      properties: Object.keys(image.properties),
    }))
    return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  })
}

export const tags: Source = async (needed) => {
  const { context, typed, text } = needed
  if (typed.path[0] === 'metadef') return inNamespace(needed, 'tags')
  const known = await knownImages(context, '')
  const own = ofImage(known, typed)
  const all = (own ?? known).flatMap((image) => image.tags ?? [])
  const given = new Set([...typed.args.slice(1), ...(typed.options['tag'] ?? [])])
  return named([...new Set(all)].filter((tag) => !given.has(tag) && tag.startsWith(text)).toSorted())
}

/** The image whose tags or properties are removed. */
function ofImage(known: readonly Known[], { path: words, args }: TypedLine): readonly Known[] | undefined {
  if (!['unset', 'tag rm'].includes(words.join(' '))) return undefined
  return known.filter(({ name, id }) => name === args[0] || id === args[0])
}

export const properties: Source = async ({ context, typed, text }) => {
  const own = ofImage(await (typed.path[0] === 'unset' ? knownImages(context, '') : []), typed)
  if (own) return named([...new Set(own.flatMap((image) => image.properties ?? []))])
  const [key = '', value] = text.split('=', 2)
  const kind: unknown = Object.entries(commonProperties).find(([name]) => name === key)?.[1]
  const values = kind === 'boolean' ? ['true', 'false'] : Array.isArray(kind) ? kind.map(String) : []
  if (value !== undefined) return named(values.map((each) => `${key}=${each}`))
  return { ...named(Object.keys(commonProperties).map((name) => `${name}=`)), goesOn: true }
}

export const stores: Source = async ({ context, text }) => {
  const known = await knownNames(context, 'stores', startsWith(text), async (cloud) =>
    (await cloud.images.stores.list({ signal: context.signal })).map(({ id, description }) => ({
      name: id,
      description: description ?? '',
    })),
  )
  return offered(known)
}
