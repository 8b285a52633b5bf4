import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { noColumns } from '../output/columns.js'
import { item, nothing } from '../output/result.js'
import { splitObjectPath } from '../resources/object.js'

const container = ['<container>', 'name of the container'] as const
const object = ['<container/object>', 'the object'] as const
const property = option.pairs('--property <key=value>', 'metadata; repeat for more (required)')
const key = option.texts('--property <key>', 'metadata; repeat for more (required)')

export const objectContainerShow = defineCommand({
  summary: 'Show a container',
  examples: [{ run: 'tyrax object container show images', does: 'its totals and metadata' }],
  args: { container },
  options: {},
  columns: { names: ['name', 'objects', 'bytes', 'metadata'] },
  async run(context, { args }) {
    const { objects } = await context.connect()
    const found = await objects.statContainer(args.container, { signal: context.signal })
    return item({ name: found.name, objects: found.objects, bytes: found.bytes, metadata: found.metadata })
  },
})

export const objectContainerSet = defineCommand({
  summary: 'Set metadata of a container',
  examples: [{ run: 'tyrax object container set images --property team=blue', does: 'the rest stays as it is' }],
  args: { container },
  options: { property },
  columns: noColumns,
  check: ({ options }) => needsProperty('object container set', options.property),
  async run(context, { args, options }) {
    const { objects } = await context.connect()
    await objects.setContainerMetadata(args.container, options.property ?? {}, { signal: context.signal })
    return nothing
  },
})

export const objectContainerUnset = defineCommand({
  summary: 'Remove metadata from a container',
  examples: [{ run: 'tyrax object container unset images --property team', does: 'one entry' }],
  args: { container },
  options: { property: key },
  columns: noColumns,
  check: ({ options }) => needsProperty('object container unset', options.property),
  async run(context, { args, options }) {
    const { objects } = await context.connect()
    const removed = Object.fromEntries((options.property ?? []).map((name) => [name, '']))
    await objects.setContainerMetadata(args.container, removed, { signal: context.signal })
    return nothing
  },
})

export const objectSet = defineCommand({
  summary: 'Set metadata of an object',
  examples: [{ run: 'tyrax object set images/u.vhd --property team=blue', does: 'the rest stays as it is' }],
  args: { object },
  options: { property },
  columns: noColumns,
  check: ({ options }) => needsProperty('object set', options.property),
  async run(context, { args, options }) {
    const { signal } = context
    const { container: where, object: name } = splitObjectPath('object set', args.object)
    const { objects } = await context.connect()
    const { metadata } = await objects.stat(where, name, { signal })
    await objects.setMetadata(where, name, { ...metadata, ...lowerCase(options.property ?? {}) }, { signal })
    return nothing
  },
})

export const objectUnset = defineCommand({
  summary: 'Remove metadata from an object',
  examples: [{ run: 'tyrax object unset images/u.vhd --property team', does: 'one entry' }],
  args: { object },
  options: { property: key },
  columns: noColumns,
  check: ({ options }) => needsProperty('object unset', options.property),
  async run(context, { args, options }) {
    const { signal } = context
    const { container: where, object: name } = splitObjectPath('object unset', args.object)
    const { objects } = await context.connect()
    const removed = new Set((options.property ?? []).map((each) => each.toLowerCase()))
    const { metadata } = await objects.stat(where, name, { signal })
    const left = Object.fromEntries(Object.entries(metadata).filter(([each]) => !removed.has(each)))
    await objects.setMetadata(where, name, left, { signal })
    return nothing
  },
})

/** Keys come back from the server in lower case, so that two spellings are one entry. */
const lowerCase = (metadata: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]))

function needsProperty(words: string, given: unknown): void {
  if (given === undefined) throw new UsageError(`tyrax ${words} needs --property`)
}
