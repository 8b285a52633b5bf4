import { changeImages } from '../bulk/change-images.js'
import { bulkImage, bulkOptions } from '../bulk/options.js'
import { defineCommand } from '../command/define-command.js'
import { memberNamed, projectDomain, shareRecord } from '../resources/member.js'

export const shareRm = defineCommand({
  summary: 'Stop sharing with a project',
  examples: [{ run: 'tyrax share rm debian-13 0a1b2c3d4e5f', does: 'stop sharing' }],
  args: { image: bulkImage, project: ['<project>', 'id or name of the project, or the beginning of its id'] },
  options: { ...bulkOptions, ...projectDomain },
  prints: 'list',
  columns: shareRecord,
  run(context, { args, options }) {
    const { signal } = context
    return changeImages(context, { references: [args.image], options, prints: 'asked' }, (cloud) => ({
      action: 'stop sharing',
      async act(image) {
        const project = await memberNamed(cloud, image, args.project, signal, options.projectDomain)
        await cloud.images.members.remove(image, project, { signal })
        context.note(`${image.id} is no longer shared with ${project}`)
        return undefined
      },
    }))
  },
})
