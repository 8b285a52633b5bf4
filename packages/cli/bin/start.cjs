// Start-up is a good part of most commands' time: this file exists only to shorten it.
const fs = process.getBuiltinModule('node:fs')
const path = process.getBuiltinModule('node:path')

const folder = path.join(__dirname, '..')
/** Questions that need no bundle. @returns undefined for all others */
function answerOf([question, ...rest], folder) {
  if (rest.length > 0) return undefined
  if (question === '--version') {
    return `tyrax ${JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version}\n`
  }
  if (question !== '--help' && question !== '-h' && question !== 'help') return undefined
  // The build writes it.
  return fs.readFileSync(path.join(folder, 'dist', 'help.txt'), 'utf8')
}

function print(text) {
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') return
    process.exitCode = 1
    const { stdoutFailure } = require('./stdout-failure.cjs')
    // If this fails too, there is no way left to report it.
    process.stderr.on('error', () => {}).write(`error: ${stdoutFailure(error)}\n`)
  })
  process.stdout.write(text)
}

/** Compiling a smaller script is faster than reading its compiled code. */
const smallest = 10_000

/** After this time, a command counts as a transfer. */
const transferMs = 250

/** V8's flags that are changed while a command runs, here and in bundle/globals.js, as they are at its start. */
const initialFlags = ['--incremental-marking', '--no-liftoff-only', '--wasm-tier-up', '--wasm-dynamic-tiering']

/**
 * Runs the bundle, from compiled code if an earlier command of the same user has left some. Node's own
 * `module.enableCompileCache` does the same without checking whose code it is.
 */
function runBundle(folder) {
  const apply = (flags) => {
    for (const flag of flags) process.getBuiltinModule('node:v8').setFlagsFromString(flag)
  }
  /** Flags that differ from those at the start. */
  const changed = []
  const setFlag = (flag) => {
    changed.push(flag)
    apply([flag])
  }
  // V8 takes compiled code, that of Node's own modules included, only while its flags are those it was compiled with:
  // they are changed as late as possible, and undone while a script is loaded. What takes this long is a transfer. Every
  // chunk of one triggers garbage collection, and incremental marking takes a tenth to a quarter of its time; the heap is
  // so small that collecting it at once takes milliseconds.
  setTimeout(setFlag, transferMs, '--no-incremental-marking').unref()
  process.once('exit', () => {
    if (changed.length === 0) return
    // Without incremental marking, a thread that compiles code while the heap is full waits until this one has collected
    // garbage, and this one, while the process exits, waits for that thread: for ever (nodejs/node, issue 54918). With it
    // none begins to wait, and one that does already is served when V8 checks the stack, as it does for each call.
    apply(initialFlags)
    for (let calls = 0; calls < 10_000; calls += 1) pass()
  })
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
    if (changed.length > 0) apply(initialFlags)
    const script = new Script(source, { filename: file, cachedData })
    apply(changed)
    const exports = {}
    loaded.set(name, exports)
    // The script is a function expression (bundle/as-function.ts).
    script.runInThisContext()(exports, requirePart, (specifier) => import(specifier), setFlag)
    // At exit, when V8 knows which functions a command needs, and its flags are the initial ones again.
    if (cache && (cachedData === undefined || script.cachedDataRejected)) {
      process.once('exit', () => cache.write(script.createCachedData()))
    }
    return exports
  }
}

function pass() {}

const argv = process.argv.slice(2)
const answer = answerOf(argv, folder)
if (answer !== undefined) print(answer)
else if (process.env.OS_CLOUD === 'embedded' || argv.some((word) => word.endsWith('embedded'))) {
  const { runInside } = require('./inside-cloud.cjs')
  runInside(argv, folder, () => runBundle(folder))
} else runBundle(folder)
