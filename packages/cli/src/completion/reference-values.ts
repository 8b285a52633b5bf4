import { cloudNames } from '@tyrax/sdk/internal'
import { configContext, connectOptions } from '../cloud/connect-options.js'
import type { Context } from '../command/context.js'
import type { Candidate, Completions } from './candidate.js'
import { entriesOf } from './file-values.js'
import { images, knownImages } from './image-values.js'
import { objects } from './object-values.js'
import type { Needed, Source } from './source.js'

/** What `tyrax copy` takes: `NAME`, `id:UUID`, `CLOUD:NAME`, `swift:CONTAINER/OBJECT`, `file:PATH`. */
export const references: Source = async (needed) => {
  const { context, text } = needed
  const [, prefix, rest = ''] = /^([^:/]*):(.*)$/s.exec(text) ?? []
  if (prefix === undefined) {
    const clouds = await cloudNames(configContext(context)).catch(() => [])
    const schemes = [...clouds, 'swift', 'file'].map((name) => ({ value: `${name}:`, description: '' }))
    return { candidates: [...(await withoutColons(needed)).candidates, ...schemes] }
  }
  const below = { ...needed, text: rest }
  if (prefix === 'file') return under(prefix, { candidates: await entriesOf(below) })
  if (prefix === 'swift') return under(prefix, await objects(below))
  return under(prefix, await withoutColons({ ...below, context: inCloud(context, prefix) }))
}

/** A name with a colon would be read as the name of a cloud. */
async function withoutColons(needed: Needed): Promise<Completions> {
  const { candidates } = await images(needed)
  const known = await knownImages(needed.context, needed.text)
  return {
    candidates: candidates.map((each): Candidate => {
      const id = known.find(({ name }) => name === each.value)?.id
      return each.value.includes(':') && id !== undefined ? { value: `id:${id}`, description: each.value } : each
    }),
  }
}

function under(prefix: string, found: Completions): Completions {
  return { ...found, candidates: found.candidates.map((each) => ({ ...each, value: `${prefix}:${each.value}` })) }
}

function inCloud(context: Context, name: string): Context {
  const other: Context = {
    ...context,
    globals: { ...context.globals, osCloud: name },
    connectOptions: () => connectOptions(other),
  }
  return other
}
