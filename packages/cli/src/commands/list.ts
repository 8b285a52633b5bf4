import { imageStatuses, memberStatusFilters, visibilityFilters } from '@tyrax/protocol'
import type { ImageFilters } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { imageColumns, imageRow, imageRecord } from '../resources/image.js'
import { list as rows } from '../output/result.js'

export const list = defineCommand({
  summary: 'List images',
  examples: [
    { run: 'tyrax list --tag lts --sort size:desc', does: 'the largest first' },
    { run: 'tyrax list --property os_distro=debian -f value -c id', does: 'ids for a script' },
    { run: 'tyrax list --visibility shared --member-status pending', does: 'images that other projects offer' },
  ],
  args: {},
  options: {
    name: option.text('--name <name>', 'with exactly this name'),
    visibility: option.choice('--visibility <who>', 'who may see it', visibilityFilters),
    memberStatus: option.choice(
      '--member-status <status>',
      'of images shared with this project, by its decision',
      memberStatusFilters,
    ),
    owner: option.text('--owner <project>', 'owned by this project id'),
    tag: option.texts('--tag <tag>', 'with this tag; repeat to require several'),
    status: option.text('--status <status>', imageStatuses.join(', ')),
    sizeMin: option.size('--size-min <size>', 'at least this size, such as 500M or 2G', { least: 0 }),
    sizeMax: option.size('--size-max <size>', 'at most this size', { least: 0 }),
    sort: option.text('--sort <key:dir,…>', 'such as name:asc,size:desc (default created_at:desc)'),
    limit: option.integer('--limit <n>', 'at most this many', { min: 0 }),
    marker: option.text('--marker <id>', 'start after this image'),
    property: option.pairs('--property <key=value>', 'with this custom property'),
    hidden: option.flag('--hidden', 'only hidden images'),
  },
  columns: imageRecord,
  async run(context, { options }) {
    const { limit = Number.POSITIVE_INFINITY } = options
    if (limit === 0) return rows([], imageColumns)
    const cloud = await context.connect()
    const images = cloud.images.list(
      withoutUndefined({
        limit: Math.min(limit, pageSize),
        marker: options.marker,
        name: options.name,
        visibility: options.visibility,
        memberStatus: options.memberStatus,
        owner: options.owner,
        tag: options.tag,
        // A newer server may have more statuses than this version knows.
        status: options.status as ImageFilters['status'],
        sizeMin: options.sizeMin,
        sizeMax: options.sizeMax,
        sort: options.sort as ImageFilters['sort'],
        properties: options.property,
        osHidden: options.hidden,
        signal: context.signal,
      }),
    )
    return rows((await images.toArray({ atMost: limit })).map(imageRow), imageColumns)
  },
})

/** A compromise: few round trips, and a short wait for the first page. */
const pageSize = 500
