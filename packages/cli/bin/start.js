// Start-up is a good part of most commands: what is here exists only to shorten it.
const fs = process.getBuiltinModule('node:fs')
const path = process.getBuiltinModule('node:path')

/** The commonest question of scripts is answered without reading the bundle. */
export function answersVersion(argv, folder) {
  if (argv.length !== 3 || argv[2] !== '--version') return false
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  process.stdout.write(`tyrax ${version}\n`)
  return true
}

/**
 * Runs the bundle, from compiled code where an earlier command has left some: what `module.enableCompileCache` does, for
 * every Node that we support.
 */
export function runBundle(folder) {
  const v8 = process.getBuiltinModule('node:v8')
  // The HTTP parser is WebAssembly. Optimising it takes longer than most commands, and Node waits for that at its end.
  v8.setFlagsFromString('--liftoff-only')
  // Every piece of a transfer counts as pressure to collect garbage, and collecting in steps beside the work takes a
  // tenth to a quarter of its time; the heap is so small that collecting it at once takes milliseconds.
  v8.setFlagsFromString('--no-incremental-marking')
  const { Script } = process.getBuiltinModule('node:vm')
  const file = path.join(folder, 'dist', 'tyrax.cjs')
  const { size, mtimeMs } = fs.statSync(file)
  // V8 compares its own version, its flags and the length of the source; a new build of the same length must differ too.
  const kept = path.join(cacheFolder(), 'code', `${process.version}-${size}-${Math.trunc(mtimeMs)}.v8`)
  const cachedData = readIfThere(kept)
  const source = `(function (exports, require, module, importModule) {${fs.readFileSync(file, 'utf8')}\n})`
  const script = new Script(source, { filename: file, cachedData })
  const bundle = { exports: {} }
  const require = process.getBuiltinModule('node:module').createRequire(file)
  script.runInThisContext()(bundle.exports, require, bundle, (specifier) => import(specifier))
  if (cachedData === undefined || script.cachedDataRejected) process.once('exit', () => keep(kept, script))
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

/** At the end, when V8 knows what a command needs. Where it cannot be kept, the next command compiles again. */
function keep(file, script) {
  try {
    fs.mkdirSync(path.join(file, '..'), { recursive: true, mode: 0o700 })
    for (const older of fs.readdirSync(path.join(file, '..'))) fs.rmSync(path.join(file, '..', older), { force: true })
    const temporary = `${file}.${process.pid}`
    fs.writeFileSync(temporary, script.createCachedData(), { mode: 0o600 })
    fs.renameSync(temporary, file)
  } catch {
    // A full disk or a home that cannot be written is no reason to fail a command that has done its work.
  }
}

function cacheFolder() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  const home = process.getBuiltinModule('node:os').homedir()
  const fallback = process.platform === 'win32' ? (LOCALAPPDATA ?? home) : path.join(home, '.cache')
  return path.join(XDG_CACHE_HOME || fallback, 'tyrax')
}
