/** The package's version; a test compares it with package.json. */
export const version = '0.1.0'

/** For programs: which tyrax, on what. */
export function versionJson(): string {
  const { platform, arch, versions } = process
  return `${JSON.stringify({ tyrax: version, node: versions.node, platform, arch })}\n`
}
