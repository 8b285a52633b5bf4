import { isConflict } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { memberRecord, memberRow, projectId } from '../resources/member.js'
import { item } from '../output/result.js'

export const shareAdd = defineCommand({
  summary: 'Share an image with a project',
  description:
    'Offers an image to a project, which then accepts it. The image must have visibility "shared".\n' +
    'Sharing again with the same project is not an error.',
  examples: [
    { run: 'tyrax share add debian-13 0a1b2c3d4e5f', does: 'offer it' },
    { run: 'tyrax --os-cloud other share accept 3f0c…', does: 'as the other project' },
  ],
  args: { image: ['<image>', 'id or name'], project: ['<project>', 'id or name of the project'] },
  options: {},
  columns: memberRecord,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    const image = await cloud.images.find(args.image, { signal })
    const project = await projectId(cloud, args.project, signal)
    try {
      return item(memberRow(await cloud.images.members.add(image, project, { signal })))
    } catch (error) {
      if (!isConflict(error)) throw error
      context.note('it is already shared with this project')
      return item(memberRow(await cloud.images.members.get(image, project, { signal })))
    }
  },
})
