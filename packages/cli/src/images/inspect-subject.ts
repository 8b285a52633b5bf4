import { access } from 'node:fs/promises'
import { fromFile, fromUrl, type Source } from '@tyrax/sdk'
import type { Context } from '../context.js'
import { pathOf } from './path-of.js'
import { sourceOfFile } from './source-of-file.js'

/** Where the data is that a command looks into: read by itself, or an image of the cloud. */
export type Subject = { readonly label: string; open(): Source } | { readonly image: string }

/** A URL, a file that is there or is written like a path, else an image; `isImage` decides for an image. */
export async function subjectOf(context: Context, what: string, isImage: boolean): Promise<Subject> {
  if (isImage) return { image: what }
  if (what === '-') return { label: '-', open: () => sourceOfFile(context, what, { urls: false }) }
  if (/^https?:\/\//i.test(what)) {
    return { label: fromUrl(what).label, open: () => sourceOfFile(context, what, { urls: true }) }
  }
  const file = pathOf(context, what)
  if (isPath(what) || (await isThere(file))) return { label: what, open: () => fromFile(file) }
  return { image: what }
}

/** Nobody names images like this, so a missing file is said to be missing. */
const isPath = (what: string): boolean => /[/\\]|^\.|\.(?:qcow2|vmdk|vhdx?|vdi|raw|img|iso)$/i.test(what)

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
