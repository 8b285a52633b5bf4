import { defineCommand } from '../command/define-command.js'
import { projectId } from '../resources/member.js'
import { nothing } from '../output/result.js'
import { noColumns } from '../output/columns.js'

export const shareRm = defineCommand({
  summary: 'Stop sharing with a project',
  examples: [{ run: 'tyrax share rm debian-13 0a1b2c3d4e5f', does: 'stop sharing' }],
  args: { image: ['<image>', 'id or name'], project: ['<project>', 'id or name of the project'] },
  options: {},
  columns: noColumns,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    const image = await cloud.images.find(args.image, { signal })
    const project = await projectId(cloud, args.project, signal)
    await cloud.images.members.remove(image, project, { signal })
    context.note(`${image.id} is no longer shared with ${project}`)
    return nothing
  },
})
