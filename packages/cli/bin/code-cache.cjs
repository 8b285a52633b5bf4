// Compiled code is code: V8 runs it without comparing it with anything, and damaged code ends the process. What is taken
// from a cache is therefore exactly what this user wrote there for this very file: the code is kept twice, which shows
// damage sooner than a hash that Node would have to be asked for. Whatever is wrong with the cache, the command runs
// without it and does not mention it.
const fs = process.getBuiltinModule('node:fs')
const path = process.getBuiltinModule('node:path')

// Windows lacks the last two; undefined is no flag.
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants
/** Far more than the code of a command line. */
const longestFile = 64 * 1024 * 1024
/** Files of this cache, and what a command that was killed while it wrote one left; the group is the script's name. */
const names = /^v\d[\w.]*-(?:([a-z]+)-)?\d+-\d+\.v8(?:\.\d+)?$/

/**
 * Where the compiled code of the script `name` is kept.
 * @param {fs.Stats} script the file with its source, as it is now
 * @returns {{ read(): Buffer | undefined, write(data: Buffer): void }}
 */
module.exports = function codeCache(name, { size, mtimeMs, ctimeMs, dev, ino }) {
  const home = cacheHome()
  if (home === undefined) return { read: () => undefined, write: () => {} }
  const folder = path.join(home, 'tyrax', 'code')
  const file = path.join(folder, `${process.version}-${name}-${size}-${Math.trunc(mtimeMs)}.v8`)
  // V8 itself compares only the length of the source. No two contents of a file have the same times: where packages are
  // unpacked with a date of their own, ctime is still the machine's.
  const source = `${size} ${mtimeMs} ${ctimeMs} ${dev} ${ino}`
  const head = Buffer.from(`tyrax 2 ${process.versions.v8} ${process.arch} ${process.platform} ${source}\n`)
  return {
    read() {
      try {
        for (const each of [path.dirname(folder), folder]) {
          const found = fs.lstatSync(each)
          if (!found.isDirectory() || !isOwn(found) || isWritableByOthers(found)) return undefined
        }
        const bytes = readOwn(file)
        if (!bytes?.subarray(0, head.length).equals(head)) return undefined
        const middle = head.length + (bytes.length - head.length) / 2
        const data = bytes.subarray(head.length, middle)
        return data.equals(bytes.subarray(middle)) ? data : undefined
      } catch {
        return undefined
      }
    },
    write(data) {
      try {
        takeHome(home)
        takeFolder(path.dirname(folder))
        takeFolder(folder)
        removeOlder(folder, name)
        writeWhole(file, [head, data, data])
      } catch {
        // A full disk or a home that cannot be written is no reason to fail a command that has done its work.
      }
    },
  }
}

function readOwn(file) {
  // Opening some devices does something already.
  if (!isOwnFile(fs.lstatSync(file))) return undefined
  const descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const found = fs.fstatSync(descriptor)
    if (!isOwnFile(found) || found.size > longestFile) return undefined
    return fs.readFileSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** On the disk before it has its name: after a power cut it is whole or not there. */
function writeWhole(file, pieces) {
  const temporary = `${file}.${process.pid}`
  fs.rmSync(temporary, { force: true })
  const descriptor = fs.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  // A limit of the shell on the size of files (`ulimit -f`) would end the process instead of the writing.
  const carryOn = () => {}
  try {
    if (process.platform !== 'win32') process.on('SIGXFSZ', carryOn)
    try {
      for (const piece of pieces) {
        for (let at = 0; at < piece.byteLength;) at += fs.writeSync(descriptor, piece, at)
      }
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
    fs.renameSync(temporary, file)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    throw error
  }
}

/** The folder of all caches is not ours to change, and may be a link. In another user's, nothing is left. */
function takeHome(home) {
  const found = fs.statSync(home, { throwIfNoEntry: false })
  if (found) {
    if (!isOwn(found) && found.uid !== 0) throw new Error(`${home} is not ours`)
    return
  }
  if (path.dirname(home) === home) throw new Error(`${home} is not there`)
  takeHome(path.dirname(home))
  // One by one: where no folder can be made (/proc), Node tries for ever to make them all.
  makeFolder(home)
}

/** Makes the folder, or makes it one that only its owner enters. */
function takeFolder(folder) {
  makeFolder(folder)
  const found = fs.lstatSync(folder)
  if (!found.isDirectory() || !isOwn(found)) throw new Error(`${folder} is not ours`)
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) fs.chmodSync(folder, 0o700)
}

function makeFolder(folder) {
  try {
    fs.mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
}

function removeOlder(folder, script) {
  for (const name of fs.readdirSync(folder)) {
    const [, of = script] = names.exec(name) ?? [undefined, undefined]
    const older = path.join(folder, name)
    if (names.test(name) && of === script && fs.lstatSync(older).isFile()) fs.rmSync(older, { force: true })
  }
}

function isOwnFile(found) {
  return found.isFile() && isOwn(found) && !isWritableByOthers(found)
}

function isOwn({ uid }) {
  const own = process.geteuid?.()
  return own === undefined || uid === own
}

function isWritableByOthers({ mode }) {
  return process.platform !== 'win32' && (mode & 0o022) !== 0
}

/** After XDG; undefined for a user without a home. */
function cacheHome() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  // The XDG specification says to ignore relative paths.
  if (XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME
  try {
    const home = process.getBuiltinModule('node:os').homedir()
    if (process.platform === 'win32') return LOCALAPPDATA || home
    return path.isAbsolute(home) ? path.join(home, '.cache') : undefined
  } catch {
    return undefined
  }
}
