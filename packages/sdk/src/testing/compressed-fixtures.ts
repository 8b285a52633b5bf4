import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const folder = new URL('../../../testkit/fixtures/', import.meta.url)

/** The path of a file in `testkit/fixtures/compressed`. */
export const compressedPath = (name: string): string => fileURLToPath(new URL(`compressed/${name}`, folder))

export const readCompressed = async (name: string): Promise<Buffer<ArrayBuffer>> =>
  Buffer.from(await readFile(compressedPath(name)))

/** What `numbers.*` hold. */
export const numbers = Buffer.from(Array.from({ length: 300 }, (_, index) => `${index + 1}\n`).join(''))
/** What `letters.*` hold: the same two bytes over and over. */
export const letters = Buffer.from('y\n'.repeat(300_000))
/** What `disk.*` hold: a disk image. */
export const readDisk = (): Promise<Buffer> => readFile(new URL('tiny-gpt.raw', folder))
