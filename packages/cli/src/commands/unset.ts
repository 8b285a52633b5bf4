import { type Cloud, type Image, UsageError } from '@tyrax/sdk'
import { changeImages } from '../bulk/change-images.js'
import { bulkImages, bulkOptions, bulkRecord } from '../bulk/options.js'
import type { Context } from '../command/context.js'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { imageRow } from '../resources/image.js'

export const unset = defineCommand({
  summary: 'Remove properties and tags from images',
  description: 'Removes properties and tags from images. Ones an image does not have are only noted.',
  examples: [{ run: 'tyrax unset debian-13 --property os_version --tag lts', does: 'a property and a tag' }],
  args: { images: bulkImages },
  options: {
    property: option.texts('--property <key>', 'custom property; repeat for more'),
    tag: option.texts('--tag <tag>', 'tag; repeat for more'),
    ...bulkOptions,
  },
  prints: 'either',
  columns: bulkRecord,
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
  run(context, { args, options }) {
    const how = { references: args.images, options, prints: 'item' } as const
    return changeImages(context, how, (cloud) => ({
      action: 'change',
      act: async (image) => imageRow(await remove(context, cloud, image, options)),
    }))
  },
})

interface Removed {
  readonly property?: readonly string[] | undefined
  readonly tag?: readonly string[] | undefined
}

async function remove(context: Context, { images }: Cloud, image: Image, removed: Removed): Promise<Image> {
  const { property = [], tag = [] } = removed
  const properties = property.filter((key) => Object.hasOwn(image.properties, key))
  const tags = image.tags.filter((known) => !tag.includes(known))
  const missing = [
    ...property.filter((key) => !Object.hasOwn(image.properties, key)),
    ...tag.filter((wanted) => !image.tags.includes(wanted)),
  ]
  if (missing.length > 0) context.note(`the image ${image.name ?? image.id} did not have ${missing.join(', ')}`)
  if (properties.length === 0 && tags.length === image.tags.length) return image
  const changes = {
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties.map((key) => [key, null])) } : {}),
    ...(tags.length < image.tags.length ? { tags } : {}),
  }
  return images.update(image, changes, { signal: context.signal })
}
