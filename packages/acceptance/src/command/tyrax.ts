import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The command line as it is installed: a script for Node. */
export const program = fileURLToPath(new URL('../../../cli/bin/tyrax.js', import.meta.url))

/** Puts a command `tyrax` into a folder. @returns the PATH on which it is found first */
export async function putOnPath(folder: string): Promise<string> {
  const text = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`
  await writeFile(path.join(folder, 'tyrax'), text, { mode: 0o755 })
  return `${folder}:${process.env['PATH'] ?? ''}`
}
