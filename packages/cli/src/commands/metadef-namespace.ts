import { metadefVisibilities } from '@tyrax/protocol'
import { isNotFound, UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { option, withoutUndefined } from '../command/option.js'
import { noColumns } from '../output/columns.js'
import { item, list, nothing } from '../output/result.js'
import { namespaceColumns, namespaceRecord, namespaceRow, wholeNamespaceRow } from '../resources/metadef.js'

const texts = {
  displayName: option.text('--display-name <text>', 'name to be shown'),
  description: option.text('--description <text>', 'what it is for'),
  visibility: option.choice('--visibility <who>', 'who may see it', metadefVisibilities),
  owner: option.text('--owner <project>', 'id of the project that it belongs to'),
}

export const metadefNamespaceList = defineCommand({
  summary: 'List namespaces of metadata definitions',
  examples: [
    { run: 'tyrax metadef namespace list', does: 'those that you may see' },
    { run: 'tyrax metadef namespace list --resource-type OS::Glance::Image', does: 'those that are meant for images' },
  ],
  args: {},
  options: {
    visibility: texts.visibility,
    resourceType: option.texts('--resource-type <resource-type>', 'only those meant for this type; repeat for more'),
    limit: option.integer('--limit <n>', 'at most this many'),
  },
  prints: 'list',
  columns: namespaceRecord,
  async run(context, { options }) {
    const { limit = Number.POSITIVE_INFINITY, visibility, resourceType } = options
    const cloud = await context.connect()
    const params = withoutUndefined({ visibility, resourceTypes: resourceType, signal: context.signal })
    const found = await cloud.images.metadefs.namespaces.list(params).toArray({ atMost: limit })
    return list(found.map(namespaceRow), namespaceColumns)
  },
})

export const metadefNamespaceShow = defineCommand({
  summary: 'Show a namespace and the names of what is in it',
  examples: [{ run: 'tyrax metadef namespace show OS::Compute::Watchdog', does: 'one namespace' }],
  args: { namespace: ['<namespace>', 'its name'] },
  options: {
    resourceType: option.text('--resource-type <resource-type>', 'call its properties as on this type of resource'),
  },
  columns: namespaceRecord,
  async run(context, { args, options }) {
    const cloud = await context.connect()
    const { signal } = context
    const { resourceType } = options
    return item(wholeNamespaceRow(await cloud.images.metadefs.namespaces.get(args.namespace, { resourceType, signal })))
  },
})

export const metadefNamespaceCreate = defineCommand({
  summary: 'Create an empty namespace',
  examples: [{ run: 'tyrax metadef namespace create Acme::Images --visibility public', does: 'for administrators' }],
  args: { namespace: ['<namespace>', 'its name'] },
  options: { ...texts, protected: option.flag('--protected', 'prevent deletion') },
  columns: namespaceRecord,
  async run(context, { args, options }) {
    const cloud = await context.connect()
    const params = { namespace: args.namespace, ...withoutUndefined(options) }
    return item(namespaceRow(await cloud.images.metadefs.namespaces.create(params, { signal: context.signal })))
  },
})

export const metadefNamespaceSet = defineCommand({
  summary: 'Change a namespace',
  description: 'Changes only what you name. An empty text removes it.',
  examples: [{ run: 'tyrax metadef namespace set Acme::Images --no-protected', does: 'so that it can be deleted' }],
  args: { namespace: ['<namespace>', 'its name'] },
  options: {
    name: option.text('--name <name>', 'new name'),
    ...texts,
    protected: option.toggle('--protected', 'prevent deletion'),
  },
  columns: namespaceRecord,
  async run(context, { args, options }) {
    const { name, displayName, description, ...rest } = options
    const orNull = (text: string | undefined) => (text === '' ? null : text)
    const changes = withoutUndefined({
      namespace: name,
      displayName: orNull(displayName),
      description: orNull(description),
      ...rest,
    })
    if (Object.keys(changes).length === 0) {
      throw new UsageError('There is nothing to set', { hint: 'see tyrax metadef namespace set --help' })
    }
    const cloud = await context.connect()
    const changed = await cloud.images.metadefs.namespaces.update(args.namespace, changes, { signal: context.signal })
    return item(namespaceRow(changed))
  },
})

export const metadefNamespaceRm = defineCommand({
  summary: 'Delete namespaces with everything in them',
  examples: [{ run: 'tyrax metadef namespace rm Acme::Images', does: 'unless it is protected' }],
  args: { namespaces: ['<namespaces...>', 'their names'] },
  options: { ifExists: option.flag('--if-exists', 'ignore namespaces that do not exist') },
  columns: noColumns,
  async run(context, { args, options }) {
    const cloud = await context.connect()
    await forEach(context, args.namespaces, async (namespace) => {
      try {
        await cloud.images.metadefs.namespaces.delete(namespace, { signal: context.signal })
        context.note(`deleted ${namespace}`)
      } catch (error) {
        if (!options.ifExists || !isNotFound(error)) throw error
        context.note(`${namespace} does not exist`)
      }
    })
    return nothing
  },
})
