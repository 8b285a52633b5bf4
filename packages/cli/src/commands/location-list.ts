import { defineCommand } from '../command/define-command.js'
import { list } from '../output/result.js'
import { findImage } from '../resources/find-image.js'
import { locationColumns, locationRecord, locationRow } from '../resources/location.js'

export const locationList = defineCommand({
  summary: "List the addresses of an image's data",
  description:
    "Lists where an image's data is: for the role service, and for everyone where the operator shows it.\n" +
    'An address may contain the credentials of its store.',
  examples: [{ run: 'tyrax location list debian-13', does: 'where its data is' }],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: {},
  prints: 'list',
  columns: locationRecord,
  async run(context, { args }) {
    const { signal } = context
    const { images } = await context.connect()
    const image = await findImage({ images }, args.image, signal)
    return list((await images.locations.list(image, { signal })).map(locationRow), locationColumns)
  },
})
