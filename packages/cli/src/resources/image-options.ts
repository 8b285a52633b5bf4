import { containerFormats, diskFormats, visibilities } from '@tyrax/protocol'
import { option, type OptionValue } from '../command/option.js'

/** The options that `create` and `set` share. */
export const imageOptions = {
  property: option.pairs('--property <key=value>', 'custom property; repeat for more'),
  tag: option.texts('--tag <tag>', 'tag; repeat for more'),
  visibility: option.choice('--visibility <who>', 'who may see it', visibilities),
  minDisk: option.sizeIn('--min-disk <gib>', 'GiB', 'smallest disk to boot it, in GiB (10, or 10G)'),
  minRam: option.sizeIn('--min-ram <mib>', 'MiB', 'smallest memory to boot it, in MiB (512, or 2G)'),
  containerFormat: option.text(
    '--container-format <format>',
    `usually bare; ${containerFormats.join(', ')}`,
    containerFormats,
  ),
} as const

type ImageFlags = { readonly [K in keyof typeof imageOptions]: OptionValue<(typeof imageOptions)[K]> }

/** The values of these flags, in the form that the SDK takes, except tags, which `set` adds to those that are there. */
export function givenImageFields({ property, visibility, minDisk, minRam, containerFormat }: ImageFlags) {
  return { properties: property, visibility, minDisk, minRam, containerFormat }
}

export const diskFormatHelp = diskFormats.join(', ')
/** What `--disk-format` may be where the data tells. */
export const autoDiskFormats = ['auto', ...diskFormats]
