import { rm } from 'node:fs/promises'
import path from 'node:path'
import { UsageError } from '@tyrax/sdk'
import { makeFolders, readOwnFile, writeOwnFile } from '@tyrax/sdk/internal'

/** A clouds.yaml that was written for other clients, and how to remove it. */
export interface CloudsFile {
  readonly path: string
  /** Removes it, unless it was changed in the meantime. */
  remove(): Promise<void>
}

const heading = '# Written by tyrax serve, which removes it when it ends.\n'
const longest = 2 ** 20

/**
 * Writes it to the cloud's folder, permanent or temporary. It contains passwords, so only the user can read it. One
 * that a killed `tyrax serve` left is replaced.
 * @throws UsageError when a file of that name exists that tyrax did not write; it stays as it is
 */
export async function writeCloudsFile(cloudsYaml: string, folder: string): Promise<CloudsFile> {
  const file = path.join(folder, 'clouds.yaml')
  const found = await readOwnFile(file, longest)
  if (found !== undefined && !isOurs(found, cloudsYaml)) {
    throw new UsageError(`${file} already exists, and was not written by tyrax serve`, {
      hint: 'move it elsewhere, or choose another --data folder',
    })
  }
  const text = `${heading}${cloudsYaml}`
  await makeFolders(folder)
  await writeOwnFile(file, text)
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
