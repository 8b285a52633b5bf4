import type { ObjectSegment } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { objectRecord, objectRow, splitObjectPath } from '../resources/object.js'
import { item, list, type Row } from '../output/result.js'

export const objectStat = defineCommand({
  summary: 'Show an object',
  description:
    'Shows an object. `large` is static or dynamic for one that is made of segments; its `hash` is then the MD5 of their\n' +
    'hashes, not of its bytes. Size and hash are those of the stored bytes, whatever their `content_encoding`.',
  examples: [
    { run: 'tyrax object stat imgs/u.vhd', does: 'size, hash, metadata' },
    { run: 'tyrax object stat imgs/u.vhd --segments', does: 'its segments' },
  ],
  args: { object: ['<container/object>', 'the object'] },
  options: { segments: option.flag('--segments', 'list the segments of a large object instead') },
  prints: 'either',
  columns: {
    names: ['container', ...objectRecord.names, 'content_encoding', 'large', 'segments', 'metadata', 'range'],
  },
  async run(context, { args, options }) {
    const { signal } = context
    const { container, object } = splitObjectPath('object stat', args.object)
    const cloud = await context.connect()
    const stored = await cloud.objects.stat(container, object, { signal })
    const isLarge = stored.large !== undefined
    const segments = isLarge ? await cloud.objects.segments(container, object, { signal }) : []
    if (options.segments) return list(segments.map(segmentRow), ['container', 'name', 'bytes', 'hash'])
    return item({
      container,
      ...objectRow(stored),
      content_encoding: stored.contentEncoding ?? null,
      large: stored.large ?? null,
      segments: segments.length,
      metadata: stored.metadata,
    })
  },
})

function segmentRow({ container, name, bytes, etag, range }: ObjectSegment): Row {
  return {
    container: container ?? null,
    name: name ?? null,
    bytes,
    hash: etag ?? null,
    range: range ? `${range.start}-${range.end ?? ''}` : null,
  }
}
