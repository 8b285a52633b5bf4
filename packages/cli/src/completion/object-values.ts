import { type Known, knownNames } from './known-names.js'
import { type Needed, offered, type Source, startsWith } from './source.js'

export const containers: Source = async (needed) => offered(await knownContainers(needed))

function knownContainers({ context, text }: Needed): Promise<readonly Known[]> {
  return knownNames(context, 'containers', startsWith(text), async (cloud) =>
    (await cloud.objects.listContainers({ signal: context.signal }).toArray({ atMost: mostObjects })).map(
      ({ name, objects }) => ({ name, description: objects === 1 ? '1 object' : `${objects} objects` }),
    ),
  )
}

const mostObjects = 1000

export const objects: Source = async (needed) => {
  const { context, text } = needed
  const at = text.indexOf('/')
  if (at < 0) {
    const known = await knownContainers(needed)
    return { candidates: offered(known).candidates.map((each) => ({ ...each, value: `${each.value}/` })), goesOn: true }
  }
  const container = text.slice(0, at)
  const folder = text.slice(at + 1, text.lastIndexOf('/') + 1)
  const known = await knownNames(context, `objects ${container}/${folder}`, startsWith(text), async (cloud) => {
    const query = { prefix: folder, delimiter: '/', signal: context.signal }
    const found = await cloud.objects.list(container, query).toArray({ atMost: mostObjects })
    return found.map((each) =>
      each.kind === 'folder'
        ? { name: `${container}/${each.folder}`, description: '' }
        : { name: `${container}/${each.name}`, description: each.contentType ?? '' },
    )
  })
  const matching = known.filter(startsWith(text))
  return { ...offered(known), goesOn: matching.length > 0 && matching.every(({ name }) => name.endsWith('/')) }
}
