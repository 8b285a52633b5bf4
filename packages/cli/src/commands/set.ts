import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { diskFormatHelp, imageOptions } from '../resources/image-options.js'
import { imageRow, changedImageRecord } from '../resources/image.js'
import { warnAboutProperties } from '../resources/property-warnings.js'
import { item } from '../output/result.js'

export const set = defineCommand({
  summary: 'Change an image',
  description: 'Changes only what you name. --tag adds a tag; `tyrax unset` removes tags and properties.',
  examples: [
    {
      run: 'tyrax set debian-13 --property os_version=13.2 --min-ram 512',
      does: 'set a property and the minimum memory',
    },
    { run: 'tyrax set debian-13 --visibility shared', does: 'so that it can be shared' },
    { run: 'tyrax set debian-13 --no-protected', does: 'so that it can be deleted' },
  ],
  args: { image: ['<image>', 'id or name'] },
  options: {
    name: option.text('--name <name>', 'new name'),
    ...imageOptions,
    diskFormat: option.text('--disk-format <format>', `only before the image has data; ${diskFormatHelp}`),
    owner: option.text('--owner <project>', 'transfer it to another project (administrators)'),
    protected: option.toggle('--protected', 'prevent deletion'),
    hidden: option.toggle('--hidden', 'leave it out of default lists'),
  },
  columns: changedImageRecord,
  async run(context, { args, options }) {
    const { signal } = context
    const { tag, hidden, property, ...fields } = options
    const changes = withoutUndefined({
      name: fields.name,
      diskFormat: fields.diskFormat,
      containerFormat: fields.containerFormat,
      visibility: fields.visibility,
      minDisk: fields.minDisk,
      minRam: fields.minRam,
      protected: fields.protected,
      owner: fields.owner,
      osHidden: hidden,
      properties: property,
    })
    if (Object.keys(changes).length === 0 && tag === undefined) {
      throw new UsageError('There is nothing to set', { hint: 'see tyrax set --help' })
    }
    const cloud = await context.connect()
    await warnAboutProperties(context, cloud, property)
    const image = await cloud.images.find(args.image, { signal })
    const tags = tag && [...new Set([...image.tags, ...tag])]
    return item(imageRow(await cloud.images.update(image, { ...changes, ...(tags ? { tags } : {}) }, { signal })))
  },
})
