import { imageStatuses, memberStatusFilters, sortDirections, visibilityFilters } from '@tyrax/protocol'
import type { ImageFilters } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { imageColumns, imageRow, imageRecord, longColumns } from '../resources/image.js'
import { projectDomain, projectId } from '../resources/member.js'
import { list as rows } from '../output/result.js'

export const list = defineCommand({
  summary: 'List images',
  examples: [
    { run: 'tyrax list --tag lts --sort size:desc', does: 'the largest first' },
    { run: "tyrax list 'name~debian-*,age>52w'", does: 'by conditions, as `tyrax rm` takes them' },
    { run: 'tyrax list --property os_distro=debian -f value -c id', does: 'ids for a script' },
    { run: 'tyrax list --visibility shared --member-status pending', does: 'images that other projects offer' },
  ],
  args: { selector: ['[selector]', "conditions that must all hold, such as 'tag=ci,age>30d'"] },
  options: {
    name: option.text('--name <name>', 'with exactly this name'),
    visibility: option.choice('--visibility <who>', 'who may see it', visibilityFilters),
    memberStatus: option.choice(
      '--member-status <status>',
      'of images shared with this project, by its decision',
      memberStatusFilters,
    ),
    owner: option.text('--owner <project>', 'owned by this project, by id or name'),
    ...projectDomain,
    tag: option.texts('--tag <tag>', 'with this tag; repeat to require several'),
    status: option.text('--status <status>', imageStatuses.join(', ')),
    sizeMin: option.size('--size-min <size>', 'at least this size, such as 500M or 2G', { least: 0 }),
    sizeMax: option.size('--size-max <size>', 'at most this size', { least: 0 }),
    sort: option.text('--sort <key:dir,…>', 'such as name:asc,size:desc (default created_at:desc)'),
    limit: option.integer('--limit <n>', 'at most this many', { min: 0 }),
    marker: option.text('--marker <id>', 'start after this image'),
    property: option.pairs('--property <key=value>', 'with this custom property'),
    hidden: option.flag('--hidden', 'only hidden images'),
    checksum: option.text('--checksum <md5>', 'with this MD5'),
    hash: option.text('--hash <hex>', 'with this hash, as os_hash_value shows it'),
    long: option.flag('--long', 'more columns'),
    sortKey: { ...option.texts('--sort-key <key>', 'as --sort'), hidden: true },
    sortDir: { ...option.choice('--sort-dir <direction>', 'as --sort', sortDirections), hidden: true },
  },
  prints: 'list',
  columns: imageRecord,
  async run(context, { args, options }) {
    const { limit = Number.POSITIVE_INFINITY } = options
    const selector =
      args.selector === undefined
        ? undefined
        : (await import('../selectors/parse-selector.js')).parseSelector(args.selector)
    if (limit === 0) return rows([], imageColumns)
    const cloud = await context.connect()
    const { sortKey, sortDir = 'desc', owner } = options
    const sort = options.sort ?? sortKey?.map((key) => `${key}:${sortDir}`).join(',')
    const columns = options.long ? longColumns : imageColumns
    const params = withoutUndefined({
      limit: Math.min(limit, pageSize),
      marker: options.marker,
      name: options.name,
      visibility: options.visibility,
      memberStatus: options.memberStatus,
      owner: owner === undefined ? undefined : await projectId(cloud, owner, context.signal, options.projectDomain),
      tag: options.tag,
      // A newer server may have more statuses than this version knows.
      status: options.status as ImageFilters['status'],
      sizeMin: options.sizeMin,
      sizeMax: options.sizeMax,
      sort: sort as ImageFilters['sort'],
      properties: options.property,
      osHidden: options.hidden,
      checksum: options.checksum,
      osHashValue: options.hash,
      signal: context.signal,
    })
    if (selector) {
      const { selectImages } = await import('../selectors/select-images.js')
      const { limit: _, ...filters } = params
      const selected = await selectImages(cloud, selector, { scope: 'visible', filters, signal: context.signal })
      return rows(selected.slice(0, limit).map(imageRow), columns)
    }
    const images = cloud.images.list(params)
    return rows((await images.toArray({ atMost: limit })).map(imageRow), columns)
  },
})

/** As many as Glance returns at once: nothing is shown before the last page. */
const pageSize = 1000
