// Packs every published package as npm would, and checks the tarball: publint, types for ESM consumers, and that each
// export can be imported after an install.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const temp = mkdtempSync(path.join(tmpdir(), 'tyrax-packages-'))
let failed = 0

function run(what, command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options })
  if (status === 0) {
    console.log(`ok    ${what}`)
  } else {
    failed += 1
    console.log(`FAIL  ${what}\n${stdout}\n${stderr}`)
  }
  return stdout
}

function check(what, isFine) {
  if (!isFine) failed += 1
  console.log(`${isFine ? 'ok   ' : 'FAIL '} ${what}`)
}

/** The text of a file of a packed package; empty when it is not there. */
function inTarball(tarball, file) {
  return spawnSync('tar', ['-xzOf', tarball, `package/${file}`], { encoding: 'utf8' }).stdout
}

/** The size of what a page has to load before it runs this code: bundled for browsers, minified and gzipped. */
async function bytesAtStart(code) {
  const input = path.join(consumer, 'page.js')
  writeFileSync(input, code)
  const build = await rolldown({
    input,
    platform: 'browser',
    resolve: { conditionNames: ['browser', 'import', 'default'] },
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]))
  const first = output.find((chunk) => chunk.isEntry)
  const loaded = new Set([first.fileName])
  for (const name of loaded) for (const each of chunks.get(name).imports) loaded.add(each)
  return [...loaded].reduce((sum, name) => sum + gzipSync(chunks.get(name).code, { level: 9 }).length, 0)
}

const folders = readdirSync('packages').map((name) => path.join('packages', name))
const published = folders
  .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) }))
  .filter(({ manifest }) => !manifest.private)

const tarballs = published.map(({ folder, manifest }) => {
  const packed = run(
    `${manifest.name}: npm pack`,
    'npm',
    ['pack', '--json', '--loglevel=error', '--pack-destination', temp],
    { cwd: folder },
  )
  const listing = JSON.parse(packed)
  const tarball = path.join(temp, (Array.isArray(listing) ? listing[0] : Object.values(listing)[0]).filename)
  check(`${manifest.name}: has its LICENSE`, inTarball(tarball, 'LICENSE') === readFileSync('LICENSE', 'utf8'))
  run(`${manifest.name}: publint`, process.execPath, [
    'node_modules/publint/src/cli.js',
    'run',
    folder,
    '--strict',
    '--pack',
    'npm',
  ])
  if (manifest.exports) {
    run(`${manifest.name}: types resolve for ESM, CommonJS that requires it, node10 and bundlers`, process.execPath, [
      'node_modules/@arethetypeswrong/cli/dist/index.js',
      tarball,
      '--profile',
      'strict',
      // Node 20.19 and newer can `require` ES modules.
      '--ignore-rules',
      'cjs-resolves-to-esm',
    ])
  }
  return tarball
})

const cli = tarballs[published.findIndex(({ manifest }) => manifest.name === 'tyrax')]
const notices = inTarball(cli, 'dist/THIRD-PARTY-NOTICES.txt')
const { components } = JSON.parse(inTarball(cli, 'dist/sbom.cdx.json') || '{"components":[]}')
const bundled = components.filter(({ name }) => !name.startsWith('@tyrax/'))
check(
  `tyrax: has the notices of the ${bundled.length} packages in its bill of materials`,
  bundled.length > 0 &&
    bundled.every(({ name, version }) => notices.includes(`\n${name}${version ? ` ${version}` : ''} (`)),
)

const consumer = path.join(temp, 'consumer')
mkdirSync(consumer)
writeFileSync(path.join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
run('the tarballs install together', 'npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], {
  cwd: consumer,
})
for (const { manifest } of published) {
  for (const entry of Object.keys(manifest.exports ?? {})) {
    const specifier = manifest.name + entry.slice(1)
    run(`${specifier} imports`, process.execPath, ['--input-type=module', '-e', `await import('${specifier}')`], {
      cwd: consumer,
    })
  }
}
const startBytes = await bytesAtStart("import { connect } from '@tyrax/sdk'; globalThis.connect = connect")
check(
  `@tyrax/sdk: connect() in a page starts with ${(startBytes / 1024).toFixed(1)} KiB, of at most 62`,
  startBytes <= 62 * 1024,
)
run('the installed tyrax says its version', process.execPath, ['node_modules/tyrax/bin/tyrax.js', '--version'], {
  cwd: consumer,
})

rmSync(temp, { recursive: true, force: true })
console.log(failed === 0 ? 'All packages check out.' : `${failed} package checks failed.`)
process.exit(failed === 0 ? 0 : 1)
