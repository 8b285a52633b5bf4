import { defineCommand } from '../command/define-command.js'
import { findImage } from '../resources/find-image.js'
import { memberColumns, memberRow, memberRecord } from '../resources/member.js'
import { list } from '../output/result.js'

export const shareList = defineCommand({
  summary: 'List the projects that an image is shared with',
  examples: [{ run: 'tyrax share list debian-13', does: 'which projects, and what they decided' }],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: {},
  prints: 'list',
  columns: memberRecord,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    const image = await findImage(cloud, args.image, signal)
    return list((await cloud.images.members.list(image, { signal })).map(memberRow), memberColumns)
  },
})
