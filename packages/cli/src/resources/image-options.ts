import { containerFormats, diskFormats, visibilities } from '@tyrax/protocol'
import { option } from '../command/option.js'

/** The options that `create` and `set` share. */
export const imageOptions = {
  property: option.pairs('--property <key=value>', 'custom property; repeat for more'),
  tag: option.texts('--tag <tag>', 'tag; repeat for more'),
  visibility: option.choice('--visibility <who>', 'who may see it', visibilities),
  minDisk: option.sizeIn('--min-disk <gib>', 'GiB', 'smallest disk to boot it, in GiB (10, or 10G)'),
  minRam: option.sizeIn('--min-ram <mib>', 'MiB', 'smallest memory to boot it, in MiB (512, or 2G)'),
  containerFormat: option.text('--container-format <format>', `usually bare; ${containerFormats.join(', ')}`),
} as const

export const diskFormatHelp = diskFormats.join(', ')
