import { diskFormats } from '@tyrax/protocol'
import { UsageError } from '@tyrax/sdk'
import { changeImages } from '../bulk/change-images.js'
import { bulkImages, bulkOptions, bulkRecord } from '../bulk/options.js'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { diskFormatHelp, givenImageFields, imageOptions } from '../resources/image-options.js'
import { imageRow } from '../resources/image.js'
import { projectDomain, projectId } from '../resources/member.js'
import { warnAboutProperties } from '../resources/property-warnings.js'

export const set = defineCommand({
  summary: 'Change images',
  description:
    'Changes only what you name, of images that are named or that a selector selects. --tag adds a tag; `tyrax unset`\n' +
    'removes tags and properties.',
  examples: [
    {
      run: 'tyrax set debian-13 --property os_version=13.2 --min-ram 512',
      does: 'set a property and the minimum memory',
    },
    { run: 'tyrax set debian-13 --visibility shared', does: 'so that it can be shared' },
    { run: 'tyrax set debian-13 --no-protected', does: 'so that it can be deleted' },
    { run: "tyrax set 'name~debian-*,age>52w' --hidden --dry-run", does: 'which old ones would be hidden?' },
  ],
  args: { images: bulkImages },
  options: {
    name: option.text('--name <name>', 'new name'),
    ...imageOptions,
    diskFormat: option.text('--disk-format <format>', `only before the image has data; ${diskFormatHelp}`, diskFormats),
    owner: option.text('--owner <project>', 'transfer it to another project, by id or name (administrators)'),
    ...projectDomain,
    protected: option.toggle('--protected', 'prevent deletion'),
    hidden: option.toggle('--hidden', 'leave it out of default lists'),
    ...bulkOptions,
  },
  prints: 'either',
  columns: bulkRecord,
  run(context, { args, options }) {
    const { signal } = context
    const { tag, hidden, property, dryRun, yes, concurrency, ...fields } = options
    const changes = withoutUndefined({
      name: fields.name,
      diskFormat: fields.diskFormat,
      ...givenImageFields(options),
      protected: fields.protected,
      osHidden: hidden,
    })
    if (Object.keys(changes).length === 0 && tag === undefined && fields.owner === undefined) {
      throw new UsageError('There is nothing to set', { hint: 'see tyrax set --help' })
    }
    const how = { references: args.images, options: { dryRun, yes, concurrency }, prints: 'item' } as const
    return changeImages(context, how, async (cloud) => {
      await warnAboutProperties(context, cloud, property)
      const { owner: project, projectDomain: domain } = fields
      const owner = project === undefined ? undefined : await projectId(cloud, project, signal, domain)
      return {
        action: 'change',
        check: (images) => requireOne(images, fields.name),
        async act(image) {
          const tags = tag && [...new Set([...image.tags, ...tag])]
          return imageRow(
            await cloud.images.update(image, { ...changes, ...withoutUndefined({ owner, tags }) }, { signal }),
          )
        },
      }
    })
  },
})

/** @throws UsageError when several images would get the same name */
function requireOne(images: readonly unknown[], name: string | undefined): void {
  if (name === undefined || images.length < 2) return
  throw new UsageError(`--name would give ${images.length} images the same name`, { hint: 'name one image' })
}
