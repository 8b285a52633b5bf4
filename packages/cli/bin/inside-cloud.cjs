// Loading the command line takes several times as long as listing a few images. The background process of the embedded
// cloud has it loaded: it runs commands that only read, and this file shows what they print. Whatever is unusual is left
// to the command line itself, and so is every failure of this way: nothing is printed before the response is complete.
const fs = process.getBuiltinModule('node:fs')
const path = process.getBuiltinModule('node:path')

const words = (text) => new Set(text.trim().split(/[ \n]+/))
const lines = (text) => new Set(text.trim().split(/\s*\n\s*/))

/** Commands that read little, write no file and ask nothing; also by the names of other clients. */
const commands = (exports.commands = lines(`
  list
  show
  share list
  share show
  share inbox
  tag list
  store list
  store show
  task list
  task show
  location list
  usage
  import-methods
  schema show
  cache list
  object list
  object stat
  object container show
  metadef namespace list
  metadef namespace show
  metadef property list
  metadef property show
  metadef object list
  metadef object show
  metadef tag list
  metadef tag show
  metadef resource-type list
  image list
  image show
`))

/** Their options, without those that ask for a trace, for time limits, or for another cloud. */
const flags = (exports.flags = words(`
  -q --quiet --long --hidden --noindent --fit-width --sort-ascending --sort-descending --print-empty --detail --segments
`))
const valued = (exports.valued = words(`
  -f --format -c --column --sort-column --max-width --quote --shell-prefix --color --os-cloud --name --visibility
  --member-status --owner --tag --status --size-min --size-max --sort --limit --marker --property --checksum --hash --type
  --image --prefix --delimiter --end-marker --resource-type
`))

/** The variables that such commands read. */
const variables = (exports.variables = words(`
  HOME XDG_DATA_HOME XDG_CACHE_HOME TYRAX_DATA_DIR TYRAX_CACHE_DIR OS_CLOUD TYRAX_PROGRESS CI TERM NO_COLOR FORCE_COLOR
  CLICOLOR CLICOLOR_FORCE CLIFF_MAX_TERM_WIDTH CLIFF_FIT_WIDTH COLUMNS STY TMUX XTERM_VERSION
`))

/** Variables that change Node itself. */
const ofNode = ['NODE_OPTIONS', 'NODE_V8_COVERAGE', 'NODE_DEBUG', 'NODE_PATH']

const stopSignals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }
/** A process that has not responded after this time will not. */
const patienceMs = 15_000
const longestRecord = 64 * 1024

/** Whether it is certain that a command line only reads, and from the embedded cloud. */
function isReading(argv, env) {
  const path = []
  let cloud = env.OS_CLOUD
  let isChosen = false
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at]
    if (!word.startsWith('-')) {
      path.push(word)
      continue
    }
    if (flags.has(word)) continue
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const name = equals > 0 ? word.slice(0, equals) : word.startsWith('--') ? word : word.slice(0, 2)
    if (!valued.has(name)) return false
    const value = equals > 0 ? word.slice(equals + 1) : name === word ? argv[(at += 1)] : word.slice(2)
    if (value === undefined) return false
    if (name !== '--os-cloud') continue
    if (isChosen) return false
    isChosen = true
    cloud = value
  }
  return cloud === 'embedded' && [3, 2, 1].some((count) => commands.has(path.slice(0, count).join(' ')))
}

/** As src/cloud/paths.ts, on Linux. */
function cloudFolder({ TYRAX_DATA_DIR, XDG_DATA_HOME, HOME }) {
  const isGiven = XDG_DATA_HOME !== undefined && path.isAbsolute(XDG_DATA_HOME)
  const home = isGiven ? XDG_DATA_HOME : HOME && path.join(HOME, '.local', 'share')
  const data = TYRAX_DATA_DIR ?? (home && path.join(home, 'tyrax'))
  return data === undefined || data === '' ? undefined : path.resolve(data, 'cloud')
}

/**
 * What the background process of a cloud has announced in a file of this user, while it runs.
 * @throws when there is none
 */
function readRunning(folder) {
  const file = path.join(folder, 'running.json')
  if (!fs.lstatSync(file).isFile()) throw new Error('not a file')
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants
  const descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const found = fs.fstatSync(descriptor)
    const isOurs = found.isFile() && found.uid === process.geteuid() && (found.mode & 0o022) === 0
    if (!isOurs || found.size > longestRecord) throw new Error('not ours')
    const running = JSON.parse(fs.readFileSync(descriptor, 'utf8'))
    if (!isPresent(running)) throw new Error('gone')
    return running
  } finally {
    fs.closeSync(descriptor)
  }
}

/** As packages/server/src/data-folder/process-identity.ts, which knows more cases. */
function isPresent({ pid, scope, started }) {
  const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  if (scope !== `${boot} ${fs.readlinkSync('/proc/self/ns/pid')}`) return false
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] !== 'Z' && started !== undefined && fields[19] === started
}

/** A stream of this process as the command sees it. */
function lookOf(fd) {
  if (!isTerminal(fd)) return {}
  const { isTTY, columns, rows } = fd === 1 ? process.stdout : process.stderr
  return { isTTY, columns, rows }
}

/** Loading what tells terminals apart takes time: most devices that are none are /dev/null. */
function isTerminal(fd) {
  const found = fs.fstatSync(fd)
  if (!found.isCharacterDevice() || found.rdev === fs.statSync('/dev/null').rdev) return false
  return process.getBuiltinModule('node:tty').isatty(fd)
}

/**
 * Tells the files of a bundle, and the Node that runs them, apart from every other version.
 * @param folder the package's
 */
exports.bundleIdentity = (folder) => {
  const identity = [process.version, folder]
  for (const name of ['tyrax.cjs', 'rest.cjs']) {
    const { size, mtimeMs, ctimeMs, ino } = fs.statSync(path.join(folder, 'dist', name))
    identity.push(size, mtimeMs, ctimeMs, ino)
  }
  return identity.join(' ')
}

/**
 * Runs a command line inside the background process of the embedded cloud, if it is one that can be run there.
 * @param folder the package's
 * @param otherwise called, at once or later, when it has to run in this process
 */
exports.runInside = (argv, folder, otherwise) => {
  const found = findProcess(argv, folder)
  if (found === undefined) otherwise()
  else runIn(found.control, found.request, otherwise)
}

/** @returns the process that can run a command line, and what to send there; undefined when there is none */
function findProcess(argv, folder) {
  const { env, versions, execArgv, platform } = process
  if (platform !== 'linux' || versions.bun || versions.deno) return undefined
  if (execArgv.length > 0 || ofNode.some((name) => env[name]) || !isReading(argv, env)) return undefined
  try {
    const { bundle, control } = readRunning(cloudFolder(env))
    if (bundle !== exports.bundleIdentity(folder) || !control.name) return undefined
    const sent = {}
    for (const name of variables) sent[name] = env[name] ?? null
    return { control, request: { argv, env: sent, cwd: process.cwd(), stdout: lookOf(1), stderr: lookOf(2) } }
  } catch {
    return undefined
  }
}

/** From the request to the end of this process. */
function runIn(control, request, otherwise) {
  /** Those that this process received. */
  const signals = []
  let socket = ask(control, request, show, () => {
    // Nothing has been printed: the command line does all of it, the reaction to a signal included.
    for (const [name, listener] of listeners) process.off(name, listener)
    process.off('exit', letGoOfTerminal)
    otherwise()
    if (signals.length > 0) process.emit(signals[0], signals[0])
  })
  const { ppid } = process
  const listeners = Object.entries(stopSignals).map(([name, code]) => {
    const listener = () => {
      // As in src/run/stop-signals.ts: the first lets the command end as it should, a second ends the process.
      if (name === 'SIGHUP') {
        const isDeaf = require('./hang-up.cjs').ignoresHangUp({ env: process.env, ppid })
        if (isDeaf || signals.includes(name)) return
      }
      signals.push(name)
      if (signals.length > 1) process.exit(code)
      if (!socket.destroyed) socket.write(`${name}\n`)
    }
    process.on(name, listener)
    return [name, listener]
  })
  process.once('exit', letGoOfTerminal)

  function show({ parts, exitCode }) {
    // Node's streams, which hear signals while they wait for a reader, take a millisecond each to begin with. Instead,
    // these signals end the process by themselves while it prints.
    for (const [name, listener] of listeners) if (name !== 'SIGHUP') process.off(name, listener)
    let printedErrors = 0
    printAll(parts, (error) => {
      if (!error) process.exit(exitCode)
      // Standard output cannot be written: the command ends as if it had found that out itself.
      const { code, message } = error
      const failure = { code, message, signal: signals[0] ?? null }
      socket = ask(control, { ...request, failure }, explain, () => {
        if (code === 'EPIPE') process.exit(0)
        const { stdoutFailure } = require('./stdout-failure.cjs')
        print(2, Buffer.from(`error: ${stdoutFailure(error)}\n`), () => process.exit(1))
      })
    })

    /** Prints what it adds on standard error. */
    function explain(response) {
      const errors = Buffer.concat(response.parts.filter(({ fd }) => fd === 2).map(({ bytes }) => bytes))
      print(2, errors.subarray(printedErrors), () => process.exit(response.exitCode))
    }

    /** As in the command line, a failure of standard error has no consequences. */
    function printAll([part, ...rest], done) {
      if (part === undefined) return done()
      return print(part.fd, part.bytes, (error) => {
        if (error && part.fd === 1) return done(error)
        if (part.fd === 2) printedErrors += part.bytes.length
        return printAll(rest, done)
      })
    }
  }
}

function letGoOfTerminal() {
  try {
    if ([0, 1, 2].every((fd) => !fs.fstatSync(fd).isCharacterDevice())) return
  } catch {}
  require('./hang-up.cjs').letGoOfLostTerminal()
}

/** @param take called with the response; `fail` when there is none */
function ask({ name, key }, request, take, fail) {
  let bytes
  const receive = (length, buffer) => {
    const data = Buffer.from(buffer.subarray(0, length))
    bytes = bytes ? Buffer.concat([bytes, data]) : data
    const response = readResponse(bytes)
    if (response !== undefined) {
      socket.off('close', fail)
      take(response)
    }
    return true
  }
  // Takes two thirds of the time of a connection by TCP that is read as a stream.
  const onread = { buffer: Buffer.allocUnsafe(65_536), callback: receive }
  const socket = process.getBuiltinModule('node:net').connect({ path: name, onread })
  socket.write(`${key} run\n${JSON.stringify(request)}\n`)
  socket.on('error', () => {})
  socket.on('close', fail)
  // After the request has been sent.
  socket.once('connect', () => setTimeout(() => socket.destroy(), patienceMs).unref())
  return socket
}

/** @returns undefined while it is incomplete */
function readResponse(bytes) {
  const end = bytes.indexOf(10)
  if (end < 0) return undefined
  // Only a process of this user with this very bundle sends it.
  const { exitCode, parts } = JSON.parse(bytes.latin1Slice(0, end))
  let at = end + 1
  const read = parts.map(([fd, length]) => ({ fd, bytes: bytes.subarray(at, (at += length)) }))
  return bytes.length < at ? undefined : { exitCode, parts: read }
}

/** @param done called with the error, if it fails */
function print(fd, bytes, done) {
  let at = 0
  try {
    while (at < bytes.length) at += fs.writeSync(fd, bytes, at)
  } catch (error) {
    if (error.code === 'EAGAIN') return printLater(fd, bytes.subarray(at), done)
    return done(error)
  }
  return done()
}

/** Another process has made the descriptor one that does not wait for its reader. */
function printLater(fd, bytes, done) {
  const stream = fd === 1 ? process.stdout : process.stderr
  // The callback gets the error too.
  if (stream.listenerCount('error') === 0) stream.on('error', () => {})
  stream.write(bytes, done)
}
