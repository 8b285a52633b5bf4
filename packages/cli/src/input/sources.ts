import { access } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromFile, fromStream, fromUrl, type Source, UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { endOnAbort } from './stdin.js'

interface FileOptions {
  readonly urls: boolean
  /** Of standard input, in bytes. */
  readonly size?: number | undefined
}

/** What `--file` names: a path, `-` for standard input, or a URL where `urls` are allowed. */
export function sourceOfFile(context: Context, file: string, { urls, size }: FileOptions): Source {
  if (file === '-') {
    const { stdin } = context.surroundings
    if (stdin.isTTY) {
      throw new UsageError('Standard input is a terminal: there is no data to read', {
        hint: 'pipe the data in, or give --file PATH',
      })
    }
    endOnAbort(stdin, context.signal)
    return fromStream(stdin, { size, label: 'standard input' })
  }
  if (size !== undefined) {
    throw new UsageError('--size is only for standard input: a file or URL has its own size')
  }
  if (/^https?:\/\//i.test(file)) {
    const { idleTimeout, retries } = context.globals
    if (urls) return fromUrl(file, { idleTimeoutMs: idleTimeout, retry: retries === undefined ? {} : { retries } })
    throw new UsageError('--file takes a path or - here, not a URL', { hint: `curl -L URL | tyrax … --file -` })
  }
  if (file === '') throw new UsageError('--file is empty', { hint: 'give a path, or - for standard input' })
  return fromFile(pathOf(context, file))
}

/** The file that a path names, or a `file:` address: `file:///srv/u.img`, `file:u.img`. @throws UsageError */
export function pathOf({ cwd }: Context, text: string): string {
  if (!/^file:/i.test(text)) return path.resolve(cwd, text)
  const rest = text.slice('file:'.length)
  if (!rest.startsWith('/')) return path.resolve(cwd, rest)
  try {
    return fileURLToPath(text)
  } catch (cause) {
    throw new UsageError(`${text} is not the URL of a local file`, {
      cause,
      hint: 'write file:///FOLDER/FILE, or file:FILE',
    })
  }
}

/** The data that a command inspects: read directly, or an image of the cloud. */
export type Subject = { readonly label: string; open(): Source } | { readonly image: string }

/** A URL, an existing file or a text that looks like a path, otherwise an image; `isImage` forces an image. */
export async function subjectOf(context: Context, what: string, isImage: boolean): Promise<Subject> {
  if (isImage) return { image: what }
  if (what === '-') return { label: '-', open: () => sourceOfFile(context, what, { urls: false }) }
  if (/^https?:\/\//i.test(what)) {
    return { label: fromUrl(what).label, open: () => sourceOfFile(context, what, { urls: true }) }
  }
  const file = pathOf(context, what)
  if (looksLikePath(what) || (await isThere(file))) return { label: what, open: () => fromFile(file) }
  return { image: what }
}

/** Images do not have names like this, so a missing file is reported as missing. */
export const looksLikePath = (what: string): boolean =>
  /[/\\]|^[.~]|\.(?:qcow2|vmdk|vhdx?|vdi|raw|img|iso)$/i.test(what)

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
