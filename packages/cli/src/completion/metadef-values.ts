import type { Completions } from './candidate.js'
import { knownNames } from './known-names.js'
import { named, type Needed, offered, type Source, startsWith } from './source.js'

export const namespaces: Source = async ({ context, text }) => {
  const known = await knownNames(context, 'namespaces', startsWith(text), async (cloud) =>
    (await cloud.images.metadefs.namespaces.list({ signal: context.signal }).toArray()).map((each) => ({
      name: each.namespace,
      description: each.displayName ?? '',
    })),
  )
  return offered(known)
}

/** The metadata definitions in the namespace that was typed before. */
export async function inNamespace(
  { context, typed, text }: Needed,
  kind: 'tags' | 'properties' | 'objects',
): Promise<Completions> {
  const [namespace] = typed.args
  if (namespace === undefined) return named([])
  const known = await knownNames(context, `${kind} of ${namespace}`, startsWith(text), async (cloud) => {
    const { metadefs } = cloud.images
    const call = { signal: context.signal }
    if (kind === 'tags') return (await metadefs.tags.list(namespace, call)).map((name) => ({ name, description: '' }))
    const found: readonly (readonly [name: string, description: string | undefined | null])[] =
      kind === 'objects'
        ? (await metadefs.objects.list(namespace, call)).map(({ name, description }) => [name, description])
        : Object.entries(await metadefs.properties.list(namespace, call)).map(([name, { title }]) => [name, title])
    return found.map(([name, description]) => ({ name, description: description ?? '' }))
  })
  return offered(known)
}

export const resourceTypes: Source = async ({ context, text }) => {
  const known = await knownNames(context, 'resource types', startsWith(text), async (cloud) =>
    (await cloud.images.metadefs.resourceTypes.list({ signal: context.signal })).map((name) => ({
      name,
      description: '',
    })),
  )
  return offered(known)
}

export const ofMetadefs =
  (kind: 'properties' | 'objects'): Source =>
  (needed) =>
    needed.typed.path[0] === 'metadef' ? inNamespace(needed, kind) : named([])
