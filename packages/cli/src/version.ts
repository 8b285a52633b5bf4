import { packageVersion as version } from './package-version.js'

export { version }

/** For programs: which tyrax, on what. */
export function versionJson(): string {
  const { platform, arch, versions } = process
  return `${JSON.stringify({ tyrax: version, node: versions.node, platform, arch })}\n`
}
