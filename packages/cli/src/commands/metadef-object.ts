import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { option, withoutUndefined } from '../command/option.js'
import { noColumns } from '../output/columns.js'
import { item, list, nothing } from '../output/result.js'
import { objectColumns, objectRecord, objectRow } from '../resources/metadef.js'

const namespace = ['<namespace>', 'name of the namespace'] as const
const object = ['<object>', 'name of the object'] as const

const parts = {
  description: option.text('--description <text>', 'what it is for'),
  required: option.texts('--required <property>', 'a property that must be set; repeat for more'),
}

export const metadefObjectList = defineCommand({
  summary: 'List the objects of a namespace',
  description: 'An object is a group of properties that belong together.',
  examples: [{ run: 'tyrax metadef object list OS::Software::WebServers', does: 'and their properties' }],
  args: { namespace },
  options: {},
  prints: 'list',
  columns: objectRecord,
  async run(context, { args }) {
    const cloud = await context.connect()
    const found = await cloud.images.metadefs.objects.list(args.namespace, { signal: context.signal })
    return list(
      found.map((each) => objectRow(each, false)),
      objectColumns,
    )
  },
})

export const metadefObjectShow = defineCommand({
  summary: 'Show an object of a namespace',
  examples: [{ run: 'tyrax -f json metadef object show OS::Software::WebServers Nginx', does: 'with its properties' }],
  args: { namespace, object },
  options: {},
  columns: objectRecord,
  async run(context, { args }) {
    const cloud = await context.connect()
    const { objects } = cloud.images.metadefs
    return item(objectRow(await objects.get(args.namespace, args.object, { signal: context.signal }), true))
  },
})

export const metadefObjectCreate = defineCommand({
  summary: 'Add an object to a namespace',
  description: 'Its properties can be given with `tyrax metadef namespace import` only.',
  examples: [
    { run: 'tyrax metadef object create Acme::Images Licence --description "who pays"', does: 'without properties' },
  ],
  args: { namespace, object },
  options: parts,
  columns: objectRecord,
  async run(context, { args, options }) {
    const cloud = await context.connect()
    const params = { name: args.object, ...withoutUndefined(options) }
    const made = await cloud.images.metadefs.objects.create(args.namespace, params, { signal: context.signal })
    return item(objectRow(made, true))
  },
})

export const metadefObjectSet = defineCommand({
  summary: 'Change an object of a namespace',
  description: 'Changes only what you name; --required replaces all of them.',
  examples: [{ run: 'tyrax metadef object set Acme::Images Licence --name Licences', does: 'rename it' }],
  args: { namespace, object },
  options: { name: option.text('--name <name>', 'new name'), ...parts },
  columns: objectRecord,
  async run(context, { args, options }) {
    const changes = withoutUndefined(options)
    if (Object.keys(changes).length === 0) {
      throw new UsageError('There is nothing to set', { hint: 'see tyrax metadef object set --help' })
    }
    const cloud = await context.connect()
    const { objects } = cloud.images.metadefs
    const changed = await objects.update(args.namespace, args.object, changes, { signal: context.signal })
    return item(objectRow(changed, true))
  },
})

export const metadefObjectRm = defineCommand({
  summary: 'Remove objects from a namespace',
  examples: [{ run: 'tyrax metadef object rm Acme::Images Licence', does: 'unless the namespace is protected' }],
  args: { namespace, objects: ['[objects...]', 'names of the objects'] },
  options: { all: option.flag('--all', 'all objects of the namespace') },
  columns: noColumns,
  check({ args, options }) {
    if ((options.all ?? false) === (args.objects !== undefined && args.objects.length > 0)) {
      throw new UsageError('Give names of objects, or --all')
    }
  },
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    const { objects } = cloud.images.metadefs
    if (options.all) await objects.deleteAll(args.namespace, { signal })
    else await forEach(context, args.objects ?? [], (name) => objects.delete(args.namespace, name, { signal }))
    return nothing
  },
})
