import { defineCommand } from '../command/define-command.js'
import { item } from '../output/result.js'
import { findImage } from '../resources/find-image.js'
import { memberNamed, memberRecord, memberRow, projectDomain } from '../resources/member.js'

export const shareShow = defineCommand({
  summary: 'Show what a project decided about a shared image',
  examples: [{ run: 'tyrax share show debian-13 0a1b2c3d4e5f', does: 'pending, accepted or rejected' }],
  args: {
    image: ['<image>', 'id, name, or the beginning of an id'],
    project: ['<project>', 'id or name of the project'],
  },
  options: projectDomain,
  columns: memberRecord,
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    const image = await findImage(cloud, args.image, signal)
    const project = await memberNamed(cloud, image, args.project, signal, options.projectDomain)
    return item(memberRow(await cloud.images.members.get(image, project, { signal })))
  },
})
