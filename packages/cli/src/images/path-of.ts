import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '@tyrax/sdk'
import type { Context } from '../context.js'

/** The file that a path names, or a `file:` address: `file:///srv/u.img`, `file:u.img`. @throws UsageError */
export function pathOf({ cwd }: Context, text: string): string {
  if (!/^file:/i.test(text)) return path.resolve(cwd, text)
  const rest = text.slice('file:'.length)
  if (!rest.startsWith('/')) return path.resolve(cwd, rest)
  try {
    return fileURLToPath(text)
  } catch (cause) {
    throw new UsageError(`${text} names no file here`, { cause, hint: 'write file:///FOLDER/FILE, or file:FILE' })
  }
}
