import { packageVersion as version } from './package-version.js'

export { version }

/** For programs: the versions of tyrax and of what it runs on. */
export function versionJson(): string {
  const { platform, arch, versions } = process
  return `${JSON.stringify({ tyrax: version, node: versions.node, platform, arch })}\n`
}
