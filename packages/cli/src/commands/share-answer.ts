import type { MemberStatus } from '@tyrax/protocol'
import { type Command, defineCommand } from '../command/define-command.js'
import { findImage } from '../resources/find-image.js'
import { memberRow, memberRecord } from '../resources/member.js'
import { item } from '../output/result.js'

export const shareAccept = decide('accept', 'accepted', 'Accept a shared image')
export const shareReject = decide('reject', 'rejected', 'Reject a shared image')
export const shareReset = decide('reset', 'pending', 'Take back a decision on a shared image')

/** Decides for the calling project; a project can decide only for itself. */
function decide(verb: string, status: MemberStatus, summary: string): Command {
  return defineCommand({
    summary,
    description: `${summary}: sets this project's decision to "${status}". Only the project that the image is shared with can do that.`,
    examples: [{ run: `tyrax share ${verb} 3f0c1d2e-…`, does: 'an image of tyrax share inbox' }],
    args: { image: ['<image>', 'id, name, or the beginning of an id'] },
    options: {},
    columns: memberRecord,
    async run(context, { args }) {
      const { signal } = context
      const cloud = await context.connect()
      const image = await findImage(cloud, args.image, signal)
      return item(memberRow(await cloud.images.updateImageMember(image.id, status, { signal })))
    },
  })
}
