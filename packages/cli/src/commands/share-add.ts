import { type Cloud, type Image, type ImageMember, isConflict } from '@tyrax/sdk'
import { changeImages } from '../bulk/change-images.js'
import { bulkImage, bulkOptions } from '../bulk/options.js'
import type { Context } from '../command/context.js'
import { defineCommand } from '../command/define-command.js'
import { memberRow, projectDomain, projectId, shareRecord } from '../resources/member.js'

export const shareAdd = defineCommand({
  summary: 'Share an image with a project',
  description:
    'Offers an image to a project, which then accepts it. The image must have visibility "shared".\n' +
    'Sharing again with the same project is not an error.',
  examples: [
    { run: 'tyrax share add debian-13 0a1b2c3d4e5f', does: 'offer it' },
    { run: "tyrax share add 'name~debian-*' partner --dry-run", does: 'which images would be offered?' },
    { run: 'tyrax --os-cloud other share accept 3f0c…', does: 'as the other project' },
  ],
  args: { image: bulkImage, project: ['<project>', 'id or name of the project'] },
  options: { ...bulkOptions, ...projectDomain },
  prints: 'either',
  columns: shareRecord,
  run(context, { args, options }) {
    const { signal } = context
    return changeImages(context, { references: [args.image], options, prints: 'item' }, async (cloud) => {
      const project = await projectId(cloud, args.project, signal, options.projectDomain)
      return {
        action: 'share',
        act: async (image) => memberRow(await share(context, cloud, image, project)),
      }
    })
  },
})

async function share(context: Context, { images }: Cloud, image: Image, project: string): Promise<ImageMember> {
  const { signal } = context
  try {
    return await images.members.add(image, project, { signal })
  } catch (error) {
    if (!isConflict(error)) throw error
    context.note('it is already shared with this project')
    return images.members.get(image, project, { signal })
  }
}
