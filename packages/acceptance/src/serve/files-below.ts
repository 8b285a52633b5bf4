import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** The sizes of all files below a folder, by path from it. */
export async function filesBelow(folder: string): Promise<Map<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const sizes = await Promise.all(
    files.map(async (file) => [path.relative(folder, file), (await stat(file)).size] as const),
  )
  return new Map(sizes)
}
