import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { option } from '../command/option.js'
import { noColumns } from '../output/columns.js'
import { item, list, nothing } from '../output/result.js'

const namespace = ['<namespace>', 'name of the namespace'] as const
const columns = ['name'] as const

export const metadefTagList = defineCommand({
  summary: 'List the tags of a namespace',
  examples: [{ run: 'tyrax metadef tag list OS::Software::DBMS', does: 'their names' }],
  args: { namespace },
  options: {},
  prints: 'list',
  columns: { names: columns },
  async run(context, { args }) {
    const cloud = await context.connect()
    const names = await cloud.images.metadefs.tags.list(args.namespace, { signal: context.signal })
    return list(
      names.map((name) => ({ name })),
      columns,
    )
  },
})

export const metadefTagShow = defineCommand({
  summary: 'Show a tag of a namespace',
  examples: [{ run: 'tyrax metadef tag show Acme::Images web', does: 'when it was created' }],
  args: { namespace, tag: ['<tag>', 'name of the tag'] },
  options: {},
  columns: { names: ['name', 'created_at', 'updated_at'] },
  async run(context, { args }) {
    const cloud = await context.connect()
    const { name, createdAt, updatedAt } = await cloud.images.metadefs.tags.get(args.namespace, args.tag, {
      signal: context.signal,
    })
    return item({ name, created_at: createdAt?.toISOString(), updated_at: updatedAt?.toISOString() })
  },
})

export const metadefTagAdd = defineCommand({
  summary: 'Add tags to a namespace',
  examples: [
    { run: 'tyrax metadef tag add Acme::Images web db', does: 'two tags, both or none' },
    { run: 'tyrax metadef tag add Acme::Images web --replace', does: 'instead of all that are there' },
  ],
  args: { namespace, tags: ['<tags...>', 'tags'] },
  options: { replace: option.flag('--replace', 'remove all other tags') },
  columns: noColumns,
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    const { tags } = cloud.images.metadefs
    const [only] = args.tags
    if (options.replace) await tags.set(args.namespace, args.tags, { signal })
    else if (only !== undefined && args.tags.length === 1) await tags.create(args.namespace, only, { signal })
    else await tags.add(args.namespace, args.tags, { signal })
    return nothing
  },
})

export const metadefTagRename = defineCommand({
  summary: 'Rename a tag of a namespace',
  examples: [{ run: 'tyrax metadef tag rename Acme::Images web www', does: 'its new name last' }],
  args: { namespace, tag: ['<tag>', 'name of the tag'], name: ['<name>', 'new name'] },
  options: {},
  columns: noColumns,
  async run(context, { args }) {
    const cloud = await context.connect()
    await cloud.images.metadefs.tags.rename(args.namespace, args.tag, args.name, { signal: context.signal })
    return nothing
  },
})

export const metadefTagRm = defineCommand({
  summary: 'Remove tags from a namespace',
  examples: [{ run: 'tyrax metadef tag rm Acme::Images web', does: 'unless the namespace is protected' }],
  args: { namespace, tags: ['[tags...]', 'tags'] },
  options: { all: option.flag('--all', 'all tags of the namespace') },
  columns: noColumns,
  check({ args, options }) {
    if ((options.all ?? false) === (args.tags !== undefined && args.tags.length > 0))
      throw new UsageError('Give tags, or --all')
  },
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    const { tags } = cloud.images.metadefs
    if (options.all) await tags.deleteAll(args.namespace, { signal })
    else await forEach(context, args.tags ?? [], (name) => tags.delete(args.namespace, name, { signal }))
    return nothing
  },
})
