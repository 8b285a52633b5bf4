import { metadefPropertyTypes } from '@tyrax/protocol'
import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { option, withoutUndefined } from '../command/option.js'
import { noColumns } from '../output/columns.js'
import { item, list, nothing } from '../output/result.js'
import { propertyColumns, propertyRecord, propertyRow } from '../resources/metadef.js'

const namespace = ['<namespace>', 'name of the namespace'] as const
const property = ['<property>', 'name of the property'] as const

const parts = {
  title: option.text('--title <text>', 'name to be shown'),
  type: option.choice('--type <type>', 'what its values are', metadefPropertyTypes),
  description: option.text('--description <text>', 'what it is for'),
  enum: option.texts('--enum <value>', 'a value that it may have; repeat for more'),
  default: option.text('--default <value>', 'the value to assume without one'),
  minimum: option.integer('--minimum <n>', 'least number', { min: Number.MIN_SAFE_INTEGER }),
  maximum: option.integer('--maximum <n>', 'greatest number', { min: Number.MIN_SAFE_INTEGER }),
  pattern: option.text('--pattern <regex>', 'what its text must match'),
}

/** A list of one type of items, which Glance wants to know. */
const withItems = <T extends { readonly type?: string }>(given: T) =>
  given.type === 'array' ? { ...given, items: { type: 'string' as const } } : given

export const metadefPropertyList = defineCommand({
  summary: 'List the properties of a namespace',
  examples: [{ run: 'tyrax metadef property list OS::Compute::Watchdog', does: 'with their types and values' }],
  args: { namespace },
  options: {},
  prints: 'list',
  columns: propertyRecord,
  async run(context, { args }) {
    const cloud = await context.connect()
    const found = await cloud.images.metadefs.properties.list(args.namespace, { signal: context.signal })
    return list(
      Object.entries(found).map(([name, each]) => propertyRow(name, each)),
      propertyColumns,
    )
  },
})

export const metadefPropertyShow = defineCommand({
  summary: 'Show a property of a namespace',
  examples: [{ run: 'tyrax metadef property show OS::Compute::Watchdog watchdog_action', does: 'one property' }],
  args: { namespace, property },
  options: {
    resourceType: option.text('--resource-type <resource-type>', 'the name given is that on this type of resource'),
  },
  columns: propertyRecord,
  async run(context, { args, options }) {
    const cloud = await context.connect()
    const { signal } = context
    const { resourceType } = options
    const { properties } = cloud.images.metadefs
    return item(
      propertyRow(args.property, await properties.get(args.namespace, args.property, { resourceType, signal })),
    )
  },
})

export const metadefPropertyCreate = defineCommand({
  summary: 'Add a property to a namespace',
  examples: [
    {
      run: 'tyrax metadef property create Acme::Images tier --title Tier --type string --enum gold --enum silver',
      does: 'with the values that it may have',
    },
  ],
  args: { namespace, property },
  options: parts,
  columns: propertyRecord,
  async run(context, { args, options }) {
    const given = withoutUndefined({
      ...options,
      title: options.title ?? args.property,
      type: options.type ?? 'string',
    })
    const cloud = await context.connect()
    const { properties } = cloud.images.metadefs
    const made = await properties.create(args.namespace, args.property, withItems(given), { signal: context.signal })
    return item(propertyRow(args.property, made))
  },
})

export const metadefPropertySet = defineCommand({
  summary: 'Change a property of a namespace',
  description: 'Changes only what you name; --enum replaces all values.',
  examples: [{ run: 'tyrax metadef property set Acme::Images tier --default silver', does: 'its default' }],
  args: { namespace, property },
  options: { name: option.text('--name <name>', 'new name'), ...parts },
  columns: propertyRecord,
  async run(context, { args, options }) {
    const changes = withoutUndefined(options)
    if (Object.keys(changes).length === 0) {
      throw new UsageError('There is nothing to set', { hint: 'see tyrax metadef property set --help' })
    }
    const cloud = await context.connect()
    const { properties } = cloud.images.metadefs
    const changed = await properties.update(args.namespace, args.property, withItems(changes), {
      signal: context.signal,
    })
    return item(propertyRow(changes.name ?? args.property, changed))
  },
})

export const metadefPropertyRm = defineCommand({
  summary: 'Remove properties from a namespace',
  examples: [{ run: 'tyrax metadef property rm Acme::Images tier', does: 'unless the namespace is protected' }],
  args: { namespace, properties: ['[properties...]', 'names of the properties'] },
  options: { all: option.flag('--all', 'all properties of the namespace') },
  columns: noColumns,
  check({ args, options }) {
    if ((options.all ?? false) === (args.properties !== undefined && args.properties.length > 0)) {
      throw new UsageError('Give names of properties, or --all')
    }
  },
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    const { properties } = cloud.images.metadefs
    if (options.all) await properties.deleteAll(args.namespace, { signal })
    else await forEach(context, args.properties ?? [], (name) => properties.delete(args.namespace, name, { signal }))
    return nothing
  },
})
