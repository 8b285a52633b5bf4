import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writePrivateFile } from '../private-file.js'

/** A clouds.yaml that was written for other clients, and how it goes away. */
export interface CloudsFile {
  readonly path: string
  remove(): Promise<void>
}

/** Beside the data where that is kept, else in a temporary folder; it holds passwords, so it is the user's alone. */
export async function writeCloudsFile(text: string, data: string | undefined): Promise<CloudsFile> {
  if (data !== undefined) {
    const file = path.join(data, 'clouds.yaml')
    await writePrivateFile(file, text)
    return { path: file, remove: () => rm(file, { force: true }) }
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-'))
  const file = path.join(folder, 'clouds.yaml')
  await writePrivateFile(file, text)
  return { path: file, remove: () => rm(folder, { recursive: true, force: true }) }
}
