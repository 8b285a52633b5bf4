// Start-up is a good part of most commands: what is here exists only to shorten it.
const fs = process.getBuiltinModule('node:fs')
const path = process.getBuiltinModule('node:path')

const folder = path.join(__dirname, '..')
/** The commonest question of scripts is answered without reading the bundle. */
function answersVersion(argv, folder) {
  if (argv.length !== 3 || argv[2] !== '--version') return false
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  process.stdout.on('error', ({ code, message }) => {
    if (code === 'EPIPE') return
    process.exitCode = 1
    // Where this fails too, there is no way left to tell.
    process.stderr.on('error', () => {}).write(`error: Standard output cannot be written: ${message}\n`)
  })
  process.stdout.write(`tyrax ${version}\n`)
  return true
}

/** A smaller script is compiled sooner than its compiled code is read. */
const smallest = 10_000

/**
 * Runs the bundle, from compiled code where an earlier command of the same user has left some. Node's own
 * `module.enableCompileCache` does the same without asking whose code it is.
 */
function runBundle(folder) {
  const v8 = process.getBuiltinModule('node:v8')
  // The HTTP parser is WebAssembly. Optimising it takes longer than most commands, and Node waits for that at its end.
  v8.setFlagsFromString('--liftoff-only')
  // Every piece of a transfer counts as pressure to collect garbage, and collecting in steps next to the work takes a
  // tenth to a quarter of its time; the heap is so small that collecting it at once takes milliseconds.
  v8.setFlagsFromString('--no-incremental-marking')
  const { Script } = process.getBuiltinModule('node:vm')
  // Not imported: the version is answered without it.
  const codeCache = require('./code-cache.cjs')
  const dist = path.join(folder, 'dist')
  // All that the files require is each other and what comes with Node.
  const requirePart = (specifier) => (specifier.startsWith('./') ? load(specifier.slice(2)) : require(specifier))
  requirePart.resolve = (specifier) => path.join(dist, specifier)
  const loaded = new Map()
  load('tyrax.cjs')

  /** One of the files of the bundle. */
  function load(name) {
    const known = loaded.get(name)
    if (known) return known
    const file = path.join(dist, name)
    const found = fs.statSync(file)
    // It is ASCII alone (bundle/ascii.ts). As a text Node 20 reads a file in small pieces.
    const source = fs.readFileSync(file).toString('latin1')
    const cache = found.size < smallest ? undefined : codeCache(path.parse(name).name, found)
    const cachedData = cache?.read()
    const script = new Script(source, { filename: file, cachedData })
    const exports = {}
    loaded.set(name, exports)
    // An expression of a function (bundle/as-function.ts).
    script.runInThisContext()(exports, requirePart, (specifier) => import(specifier))
    // At the end, when V8 knows what a command needs.
    if (cache && (cachedData === undefined || script.cachedDataRejected)) {
      process.once('exit', () => cache.write(script.createCachedData()))
    }
    return exports
  }
}

if (!answersVersion(process.argv, folder)) runBundle(folder)
