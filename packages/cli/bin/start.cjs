// Start-up is a good part of most commands' time: this file exists only to shorten it.
const fs = process.getBuiltinModule('node:fs')
const path = process.getBuiltinModule('node:path')

const folder = path.join(__dirname, '..')
/** The most common question of scripts, `--version`, needs no bundle. */
function answersVersion(argv, folder) {
  if (argv.length !== 3 || argv[2] !== '--version') return false
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  process.stdout.on('error', ({ code, message }) => {
    if (code === 'EPIPE') return
    process.exitCode = 1
    // If this fails too, there is no way left to report it.
    process.stderr.on('error', () => {}).write(`error: Standard output cannot be written: ${message}\n`)
  })
  process.stdout.write(`tyrax ${version}\n`)
  return true
}

/** Compiling a smaller script is faster than reading its compiled code. */
const smallest = 10_000

/**
 * Runs the bundle, from compiled code if an earlier command of the same user has left some. Node's own
 * `module.enableCompileCache` does the same without checking whose code it is.
 */
function runBundle(folder) {
  const v8 = process.getBuiltinModule('node:v8')
  // The HTTP parser is WebAssembly. Optimising it takes longer than most commands, and Node waits for that before it
  // exits.
  v8.setFlagsFromString('--liftoff-only')
  // Every chunk of a transfer triggers garbage collection, and incremental marking takes a tenth to a quarter of its
  // time; the heap is so small that collecting it at once takes milliseconds.
  v8.setFlagsFromString('--no-incremental-marking')
  const { Script } = process.getBuiltinModule('node:vm')
  // Required here because `--version` does not need it.
  const codeCache = require('./code-cache.cjs')
  const dist = path.join(folder, 'dist')
  // The files require only each other and Node's own modules.
  const requirePart = (specifier) => (specifier.startsWith('./') ? load(specifier.slice(2)) : require(specifier))
  requirePart.resolve = (specifier) => path.join(dist, specifier)
  const loaded = new Map()
  load('tyrax.cjs')

  /** Loads one of the files of the bundle. */
  function load(name) {
    const known = loaded.get(name)
    if (known) return known
    const file = path.join(dist, name)
    const found = fs.statSync(file)
    // It is pure ASCII (bundle/ascii.ts). Node 20 reads text files in small pieces.
    const source = fs.readFileSync(file).toString('latin1')
    const cache = found.size < smallest ? undefined : codeCache(path.parse(name).name, found)
    const cachedData = cache?.read()
    const script = new Script(source, { filename: file, cachedData })
    const exports = {}
    loaded.set(name, exports)
    // The script is a function expression (bundle/as-function.ts).
    script.runInThisContext()(exports, requirePart, (specifier) => import(specifier))
    // At exit, when V8 knows which functions a command needs.
    if (cache && (cachedData === undefined || script.cachedDataRejected)) {
      process.once('exit', () => cache.write(script.createCachedData()))
    }
    return exports
  }
}

if (!answersVersion(process.argv, folder)) runBundle(folder)
