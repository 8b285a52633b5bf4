import { defineCommand } from '../command/define-command.js'
import { list } from '../output/result.js'

const columns = ['name', 'usage', 'limit', 'unit'] as const

export const usage = defineCommand({
  summary: 'Show what the project uses of its image quotas',
  description: 'Prints nothing but headings on a cloud that keeps no quotas of images. No limit: the cell is empty.',
  examples: [{ run: 'tyrax usage', does: 'sizes and numbers of images' }],
  args: {},
  options: {},
  prints: 'list',
  columns: { names: columns },
  async run(context) {
    const cloud = await context.connect()
    const found = await cloud.images.usage.get({ signal: context.signal })
    const rows = (
      [
        ['image_size_total', found.imageSizeTotalMiB, 'MiB'],
        ['image_stage_total', found.imageStageTotalMiB, 'MiB'],
        ['image_count_total', found.imageCountTotal, 'images'],
        ['image_count_uploading', found.imageCountUploading, 'images'],
      ] as const
    ).flatMap(([name, quota, unit]) => (quota ? [{ name, usage: quota.usage, limit: quota.limit, unit }] : []))
    if (rows.length === 0) context.note('this cloud keeps no quotas of images')
    return list(rows, columns)
  },
})
