import { containerFormats, diskFormats, visibilities } from '@tyrax/protocol'
import { option } from '../command/option.js'

/** The options that `create` and `set` share. */
export const imageOptions = {
  property: option.pairs('--property <key=value>', 'custom property; repeat for more'),
  tag: option.texts('--tag <tag>', 'tag; repeat for more'),
  visibility: option.choice('--visibility <who>', 'who may see it', visibilities),
  minDisk: option.integer('--min-disk <gib>', 'smallest disk to boot it, in GiB', { max: 2 ** 31 - 1 }),
  minRam: option.integer('--min-ram <mib>', 'smallest memory to boot it, in MiB', { max: 2 ** 31 - 1 }),
  containerFormat: option.text('--container-format <format>', `usually bare; ${containerFormats.join(', ')}`),
} as const

export const diskFormatHelp = diskFormats.join(', ')
