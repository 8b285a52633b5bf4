import { memberStatusFilters } from '@tyrax/protocol'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { imageRow, imageRecord } from '../resources/image.js'
import { list } from '../output/result.js'

export const shareInbox = defineCommand({
  summary: 'List images offered to this project',
  examples: [
    { run: 'tyrax share inbox', does: 'offers without a decision' },
    { run: 'tyrax share inbox --status rejected', does: 'rejected offers' },
  ],
  args: {},
  options: {
    status: option.choice('--status <status>', "this project's decision (default pending)", memberStatusFilters),
  },
  prints: 'list',
  columns: imageRecord,
  async run(context, { options }) {
    const cloud = await context.connect()
    const memberStatus = options.status ?? 'pending'
    const images = await cloud.images.listAll({ visibility: 'shared', memberStatus, signal: context.signal })
    const offered = images.filter(({ owner }) => owner !== cloud.projectId)
    return list(offered.map(imageRow), ['id', 'name', 'owner', 'status', 'size'])
  },
})
