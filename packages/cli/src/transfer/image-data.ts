import { UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { option } from '../command/option.js'
import { sourceOfFile } from '../input/sources.js'
import { splitObjectPath } from '../resources/object.js'

/** Where a command that creates an image gets its data from. */
export const dataOptions = {
  file: option.text('--file <path|-|url>', 'the data: a file, - for standard input, or a URL'),
  object: option.text('--object <container/object>', 'the data: an object in object storage'),
} as const

interface DataFlags {
  readonly file?: string | undefined
  readonly object?: string | undefined
  readonly size?: number | undefined
}

/** The values of these flags, in the form that the SDK takes. @throws UsageError */
export function givenData(context: Context, { file, object, size }: DataFlags) {
  const named = object === undefined ? undefined : splitObjectPath('--object', object)
  return {
    data: file === undefined ? undefined : sourceOfFile(context, file, { urls: true, size }),
    container: named?.container,
    obj: named?.object,
  }
}

/** @throws UsageError for a size of anything but standard input */
export function checkSize({ file, size }: DataFlags): void {
  if (size !== undefined && file !== '-') {
    throw new UsageError('--size is only for standard input', { hint: 'give --file -' })
  }
}
