import { rm } from 'node:fs/promises'
import path from 'node:path'
import { UsageError } from '@tyrax/sdk'
import { readOwnFile } from '@tyrax/sdk/internal'
import { writePrivateFile } from '../private-file.js'

/** A clouds.yaml that was written for other clients, and how it goes away. */
export interface CloudsFile {
  readonly path: string
  /** Removes it, unless it has been changed since. */
  remove(): Promise<void>
}

const heading = '# Written by tyrax serve, which removes it when it ends.\n'
const longest = 2 ** 20

/**
 * In the cloud's folder, permanent or temporary. It holds passwords, so only the user can read it. One that a killed
 * `tyrax serve` left is replaced.
 * @throws UsageError where a file that tyrax did not write has the name; it stays as it is
 */
export async function writeCloudsFile(cloudsYaml: string, folder: string): Promise<CloudsFile> {
  const file = path.join(folder, 'clouds.yaml')
  const found = await readOwnFile(file, longest)
  if (found !== undefined && !isOurs(found, cloudsYaml)) {
    throw new UsageError(`${file} is already there, and was not written by tyrax serve`, {
      hint: 'move it elsewhere, or choose another --data folder',
    })
  }
  const text = `${heading}${cloudsYaml}`
  await writePrivateFile(file, text)
  return {
    path: file,
    async remove() {
      if ((await readOwnFile(file, longest).catch(() => undefined)) === text) await rm(file, { force: true })
    },
  }
}

/** Version 0.1.0 wrote no heading. */
function isOurs(found: string, cloudsYaml: string): boolean {
  const withoutAddress = (text: string) => text.replaceAll(/auth_url:.*/g, '')
  return found.startsWith(heading) || withoutAddress(found) === withoutAddress(cloudsYaml)
}
