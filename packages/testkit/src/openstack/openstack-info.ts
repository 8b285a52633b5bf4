import { readFile } from 'node:fs/promises'
import { LaunchError } from './launch-error.js'
import type { CloudLogin, CloudName } from './seed.js'

/** What another process needs to know about a running cloud; the launcher writes it next to the clouds.yaml. */
export interface OpenStackInfo {
  /** Path of a clouds.yaml with the entries of `clouds`. */
  readonly cloudsYaml: string
  readonly authUrl: string
  readonly imageUrl: string
  readonly clouds: Readonly<Record<CloudName, CloudLogin>>
  /** Folder with one log per service. */
  readonly logs: string
  /** Folder of the Python programs: `openstack`, `glance`, `swift`, `python`. */
  readonly bin: string
}

/**
 * Reads what the launcher wrote.
 * @throws LaunchError when the file does not exist.
 */
export async function readInfo(file: string): Promise<OpenStackInfo> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new LaunchError(
      `${file} cannot be read. It is the "info" path that openstack/run.js prints when it is ready.`,
      { cause: error },
    )
  })
  return JSON.parse(text) as OpenStackInfo
}
