import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { option, withoutUndefined } from '../command/option.js'
import { noColumns } from '../output/columns.js'
import { item, list, nothing } from '../output/result.js'
import { associationColumns, associationRow } from '../resources/metadef.js'

const namespace = ['<namespace>', 'name of the namespace'] as const

export const metadefResourceTypeList = defineCommand({
  summary: 'List types of resources, or those that a namespace is meant for',
  examples: [
    { run: 'tyrax metadef resource-type list', does: 'all types' },
    { run: 'tyrax metadef resource-type list OS::Compute::Watchdog', does: 'with the prefix of its properties' },
  ],
  args: { namespace: ['[namespace]', 'name of a namespace; without it, all types'] },
  options: {},
  prints: 'list',
  columns: { names: associationColumns },
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    const { resourceTypes } = cloud.images.metadefs
    if (args.namespace === undefined) {
      const names = await resourceTypes.list({ signal })
      return list(
        names.map((name) => ({ name })),
        ['name'],
      )
    }
    const found = await resourceTypes.associations(args.namespace, { signal })
    return list(found.map(associationRow), associationColumns)
  },
})

export const metadefResourceTypeAdd = defineCommand({
  summary: 'Declare which type of resource a namespace is meant for',
  examples: [
    {
      run: 'tyrax metadef resource-type add Acme::Images OS::Glance::Image --prefix acme_',
      does: 'its properties begin with acme_ on images',
    },
  ],
  args: { namespace, type: ['<resource-type>', 'type of resource, such as OS::Glance::Image'] },
  options: {
    prefix: option.text('--prefix <text>', 'what its properties begin with on such a resource'),
    propertiesTarget: option.text('--properties-target <place>', 'where they go, such as image of a volume'),
  },
  columns: { names: associationColumns },
  async run(context, { args, options }) {
    const cloud = await context.connect()
    const association = { name: args.type, ...withoutUndefined(options) }
    const { resourceTypes } = cloud.images.metadefs
    return item(associationRow(await resourceTypes.associate(args.namespace, association, { signal: context.signal })))
  },
})

export const metadefResourceTypeRm = defineCommand({
  summary: 'The reverse of resource-type add',
  examples: [{ run: 'tyrax metadef resource-type rm Acme::Images OS::Glance::Image', does: 'the type itself stays' }],
  args: { namespace, types: ['<resource-types...>', 'types of resources'] },
  options: {},
  columns: noColumns,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    const { resourceTypes } = cloud.images.metadefs
    await forEach(context, args.types, (type) => resourceTypes.dissociate(args.namespace, type, { signal }))
    return nothing
  },
})
