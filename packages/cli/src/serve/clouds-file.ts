import { rm } from 'node:fs/promises'
import path from 'node:path'
import { writePrivateFile } from '../private-file.js'

/** A clouds.yaml that was written for other clients, and how it goes away. */
export interface CloudsFile {
  readonly path: string
  remove(): Promise<void>
}

/** In the cloud's folder, permanent or temporary. It holds passwords, so only the user can read it. */
export async function writeCloudsFile(text: string, folder: string): Promise<CloudsFile> {
  const file = path.join(folder, 'clouds.yaml')
  await writePrivateFile(file, text)
  return { path: file, remove: () => rm(file, { force: true }) }
}
