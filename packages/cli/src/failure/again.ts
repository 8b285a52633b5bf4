import { TyraxError } from '@tyrax/sdk'
import { sayWhatIsLeft, saysWhatIsLeft, wasCutShort } from '@tyrax/sdk/internal'
import type { Globals } from '../command/globals.js'

const others = new WeakMap<object, readonly string[]>()

/**
 * Notes on the error of a command that waited for the server that the server continues without it, and which command
 * follows that: the same one, or `tyrax wait` for an image.
 */
export function stillFollows(error: unknown, { osCloud, osRegionName }: Globals, imageId?: string): void {
  if (!(error instanceof TyraxError) || !wasCutShort(error)) return
  sayWhatIsLeft(error, 'the server continues without this command')
  if (imageId === undefined) return
  const cloud = [
    ...(osCloud === undefined ? [] : ['--os-cloud', osCloud]),
    ...(osRegionName === undefined ? [] : ['--os-region-name', osRegionName]),
  ]
  others.set(error, [...cloud, 'wait', imageId])
}

/**
 * The command line that continues where a command was cut short, in a form that can be pasted into a shell. Undefined when
 * there is nothing to go on with, and when an address in it may contain credentials or a signature.
 */
export function againAfter(error: unknown, argv: readonly string[]): string | undefined {
  if (!(error instanceof TyraxError) || !(saysWhatIsLeft(error) || error.leftBehind)) return undefined
  const words = others.get(error) ?? argv
  if (words.some((word) => /:\/\/[^/]*@|:\/\/.*[?#]/.test(word))) return undefined
  return ['tyrax', ...words].map(quoted).join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
