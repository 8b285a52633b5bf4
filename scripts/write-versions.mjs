// Writes the version from a package's package.json into a file that the package can import: browsers cannot read a
// package.json.
import { readFileSync, writeFileSync } from 'node:fs'

for (const name of ['cli', 'sdk']) {
  const folder = new URL(`../packages/${name}/`, import.meta.url)
  const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
  const file = new URL('src/package-version.ts', folder)
  const text = `// Written by scripts/write-versions.mjs.\nexport const packageVersion = '${version}'\n`
  // An unchanged file keeps its time, for compilers that compare times.
  if (readIfThere(file) !== text) writeFileSync(file, text)
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
