import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { imageRow, changedImageRecord } from '../resources/image.js'
import { item } from '../output/result.js'

export const unset = defineCommand({
  summary: 'Remove properties and tags from an image',
  description: 'Removes properties and tags from an image. Ones it does not have are only noted.',
  examples: [{ run: 'tyrax unset debian-13 --property os_version --tag lts', does: 'a property and a tag' }],
  args: { image: ['<image>', 'id or name'] },
  options: {
    property: option.texts('--property <key>', 'custom property; repeat for more'),
    tag: option.texts('--tag <tag>', 'tag; repeat for more'),
  },
  columns: changedImageRecord,
  check({ options }) {
    if (!options.property && !options.tag) {
      throw new UsageError('There is nothing to unset', { hint: 'give --property KEY or --tag TAG' })
    }
    const pair = options.property?.find((key) => key.includes('='))
    if (pair !== undefined) {
      throw new UsageError(`--property takes only a key here, not ${JSON.stringify(pair)}`, {
        hint: `--property ${pair.slice(0, pair.indexOf('='))}`,
      })
    }
  },
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    const image = await cloud.images.find(args.image, { signal })
    const { property = [], tag = [] } = options
    const properties = property.filter((key) => Object.hasOwn(image.properties, key))
    const tags = image.tags.filter((known) => !tag.includes(known))
    const missing = [
      ...property.filter((key) => !Object.hasOwn(image.properties, key)),
      ...tag.filter((wanted) => !image.tags.includes(wanted)),
    ]
    if (missing.length > 0) context.note(`the image did not have ${missing.join(', ')}`)
    if (properties.length === 0 && tags.length === image.tags.length) return item(imageRow(image))
    const changes = {
      ...(properties.length > 0 ? { properties: Object.fromEntries(properties.map((key) => [key, null])) } : {}),
      ...(tags.length < image.tags.length ? { tags } : {}),
    }
    return item(imageRow(await cloud.images.update(image, changes, { signal })))
  },
})
