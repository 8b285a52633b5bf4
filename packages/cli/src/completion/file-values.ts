import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Candidate } from './candidate.js'
import type { Needed } from './source.js'

/** The files that match, for a place where something else can stand, too. */
export async function entriesOf({ context, text }: Pick<Needed, 'context' | 'text'>): Promise<readonly Candidate[]> {
  const folder = text.slice(0, text.lastIndexOf('/') + 1)
  const found = await readdir(path.resolve(context.cwd, folder), { withFileTypes: true }).catch(() => [])
  return found
    .map((entry) => ({
      value: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`,
      description: entry.isDirectory() ? 'folder' : 'file',
    }))
    .filter(
      ({ value }) =>
        value.startsWith(text) && (text.slice(folder.length) !== '' || !value.slice(folder.length).startsWith('.')),
    )
    .toSorted((a, b) => (a.value < b.value ? -1 : 1))
}
