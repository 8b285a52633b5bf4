import { type LocationHash, UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { nothing } from '../output/result.js'
import { noColumns } from '../output/columns.js'
import { findImage } from '../resources/find-image.js'

export const locationAdd = defineCommand({
  summary: 'Give an image the data at an address',
  description:
    'Gives a queued image data that stays where it is. The server reads its size and hash in the background: `tyrax wait`\n' +
    'tells how that ends. Clouds need a store for such addresses (`tyrax store list`). With --now the location is added to\n' +
    'the record at once, the older way, which also works for an image with data.',
  examples: [
    {
      run: 'tyrax location add debian-13 --url http://mirror.example.org/debian-13.raw',
      does: 'and its hash is computed',
    },
    {
      run: 'tyrax location add debian-12 --url http://mirror.example.org/debian-12.raw --hash sha512:0f3a…',
      does: 'and its hash is compared',
    },
  ],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: {
    url: option.text('--url <url>', 'the address (required)'),
    hash: option.text('--hash <algorithm:hex>', 'the hash that the data must have: sha512:…'),
    now: option.flag('--now', 'add it to the record at once, without comparing the hash'),
    store: option.text('--store <store>', 'with --now: the store that the address belongs to'),
  },
  columns: noColumns,
  check({ options }) {
    if (!options.url) throw new UsageError('tyrax location add needs --url')
    if (options.hash !== undefined) hashOf(options.hash)
    if (options.store !== undefined && !options.now) throw new UsageError('--store is only for --now')
  },
  async run(context, { args, options }) {
    const { signal } = context
    const { url = '', store } = options
    const hash = options.hash === undefined ? undefined : hashOf(options.hash)
    const { images } = await context.connect()
    const image = await findImage({ images }, args.image, signal)
    if (options.now) {
      const metadata = store === undefined ? undefined : { store }
      const { status } = await images.locations.append(image, url, withoutUndefined({ hash, metadata, signal }))
      context.note(`${image.id} is ${status}`)
    } else {
      await images.locations.add(image, url, withoutUndefined({ hash, signal }))
      context.note(`the server reads the data now; to follow: tyrax wait ${image.id}`)
    }
    return nothing
  },
})

function hashOf(text: string): LocationHash {
  const [, algorithm, value] = /^([a-z0-9_-]+):([0-9a-f]+)$/i.exec(text) ?? []
  if (algorithm !== undefined && value !== undefined) return { algorithm: algorithm.toLowerCase(), value }
  throw new UsageError(`--hash takes ALGORITHM:HEX, not ${JSON.stringify(text)}`, { hint: 'such as sha512:0f3a…' })
}
