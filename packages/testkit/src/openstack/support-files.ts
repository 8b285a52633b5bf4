import { fileURLToPath } from 'node:url'

/** Absolute path of a file in `packages/testkit/openstack`. */
export function supportFile(name: string): string {
  return fileURLToPath(new URL(`../../openstack/${name}`, import.meta.url))
}
