import { imageStatuses } from '@tyrax/protocol'
import { authMethods, cloudNames } from '@tyrax/sdk/internal'
import { configContext } from '../cloud/connect-options.js'
import type { Completions } from './candidate.js'
import { entriesOf } from './file-values.js'
import { images, properties, stores, tags } from './image-values.js'
import { namespaces, ofMetadefs, resourceTypes } from './metadef-values.js'
import { containers, objects } from './object-values.js'
import { references } from './reference-values.js'
import { sortKeys } from './sort-keys.js'
import { named, type Needed, type Source } from './source.js'

/**
 * What could stand for a placeholder of help: `<image>`, `[tags...]`, `<path|->`. A placeholder that is not listed is
 * free text.
 */
export async function valuesFor(needed: Needed): Promise<Completions> {
  const { placeholder, known } = needed.position
  if (known) return named(known)
  const words = placeholder.replaceAll(/[<>[\]]|\.\.\./g, '').split('|')
  const found = await Promise.all(words.map(async (word) => sources[word]?.(needed) ?? named([])))
  const candidates = found.flatMap((each) => each.candidates)
  const files = found.find((each) => each.files)?.files
  const goesOn = found.some((each) => each.goesOn)
  // Shells add files only to nothing.
  if (files === undefined || candidates.length === 0) return { candidates, files, goesOn }
  return { candidates: [...candidates, ...(await entriesOf(needed))], goesOn }
}

const clouds: Source = async ({ context }) => ({
  candidates: [
    ...named([...(await cloudNames(configContext(context)))].toSorted(), 'of clouds.yaml').candidates,
    { value: 'embedded', description: 'the embedded cloud of this machine' },
  ],
})

/** In the notation of other clients: `password` and `v3password` are one. */
const authTypes: Source = () => named(authMethods.flatMap((method) => method.authTypes))

const files: Source = () => ({ candidates: [], files: 'files' })
const folders: Source = () => ({ candidates: [], files: 'folders' })

const sources: Readonly<Record<string, Source>> = {
  cloud: clouds,
  column: ({ position }) => named(position.command?.columns.names ?? []),
  container: containers,
  containers,
  'container/object': objects,
  dir: folders,
  file: files,
  folder: folders,
  image: images,
  images,
  key: properties,
  'key:dir,…': sortKeys,
  'key=value': properties,
  namespace: namespaces,
  namespaces,
  object: ofMetadefs('objects'),
  path: files,
  property: ofMetadefs('properties'),
  reference: references,
  references,
  'resource-type': resourceTypes,
  'resource-types': resourceTypes,
  status: () => named(imageStatuses),
  store: stores,
  tag: tags,
  tags,
  type: authTypes,
}
