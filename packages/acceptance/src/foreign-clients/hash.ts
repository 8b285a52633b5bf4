import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** Hex SHA-512 of a small file. */
export async function sha512(file: string): Promise<string> {
  return createHash('sha512')
    .update(await readFile(file))
    .digest('hex')
}
