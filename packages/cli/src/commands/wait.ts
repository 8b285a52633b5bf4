import { imageStatuses } from '@tyrax/protocol'
import { stillFollows } from '../failure/again.js'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { findImage } from '../resources/find-image.js'
import { imageRecord, imageRow } from '../resources/image.js'
import { importedColumns, importedItem, importedRow } from '../transfer/imported.js'

export const wait = defineCommand({
  summary: 'Wait for an image, and for an import to end',
  description:
    'Waits until an image has a status, and until an import that works on it has ended in all of its stores. A failed\n' +
    "import ends it with the server's reason, exit code 1; the time limit with exit code 8 and the last state; an import\n" +
    'that failed in some of its stores with exit code 9. Stopping it stops nothing on the server.',
  examples: [
    { run: 'tyrax wait debian-13', does: 'until it is active' },
    { run: 'tyrax wait debian-13 --timeout 10m', does: 'for ten minutes at most' },
    { run: 'tyrax wait debian-13 --for deleted', does: 'until it is gone' },
  ],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: {
    for: option.choice('--for <status>', 'the status to wait for (default: active)', imageStatuses),
    timeout: option.duration('--timeout <time>', 'longest wait, such as 30s, 10m or 2h (default: none)'),
    stuck: option.duration('--stuck <time>', 'longest standstill of an import (default: 1h)'),
  },
  columns: { ...imageRecord, names: [...imageRecord.names, ...importedColumns] },
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    const image = await findImage(cloud, args.image, signal)
    const display = await context.progress(image.name ?? image.id)
    let shown = ''
    const waiting = cloud.images.wait(
      image,
      withoutUndefined({
        for: options.for,
        timeoutMs: options.timeout === 0 ? undefined : options.timeout,
        stuckMs: options.stuck,
        signal,
        onProgress: display.report,
        onPoll({ status }: { readonly status: string }) {
          if (shown === '' && status !== (options.for ?? 'active')) display.report({ phase: 'server', bytes: 0 })
          if (status !== shown) context.note(`${image.name ?? image.id} is ${status}`)
          shown = status
        },
      }),
    )
    const waited = await waiting.catch((error: unknown) => {
      stillFollows(error, context.globals)
      throw error
    })
    display.done()
    return importedItem(context, { ...imageRow(waited), ...importedRow(waited) }, waited.storeResults)
  },
})
