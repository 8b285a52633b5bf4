// V8 runs compiled code from a cache without checking it, and damaged code crashes the process. So only exactly what
// this user wrote there for this very file is used: the code is stored twice, because comparing the copies detects
// damage faster than a hash, for which Node would have to load a module. Whatever is wrong with the cache, the command
// runs without it and does not mention it.
const fs = process.getBuiltinModule('node:fs')
const path = process.getBuiltinModule('node:path')

// Windows lacks the last two; an undefined flag has no effect.
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants
/** Far more than the code of the command line. */
const longestFile = 64 * 1024 * 1024
/**
 * Files of this cache, including those that a command left when it was killed while writing; the group is the script's
 * name.
 */
const names = /^v\d[\w.]*-(?:([a-z]+)-)?\d+-\d+\.v8(?:\.\d+)?$/

/**
 * The cache for the compiled code of the script `name`.
 * @param {fs.Stats} script the file with its source, as it is now
 * @returns {{ read(): Buffer | undefined, write(data: Buffer): void }}
 */
module.exports = function codeCache(name, { size, mtimeMs, ctimeMs, dev, ino }) {
  const home = cacheHome()
  if (home === undefined) return { read: () => undefined, write: () => {} }
  const folder = path.join(home, 'tyrax', 'code')
  const file = path.join(folder, `${process.version}-${name}-${size}-${Math.trunc(mtimeMs)}.v8`)
  // V8 itself compares only the length of the source. Two contents of a file never have the same times: even where
  // packages are unpacked with fixed dates, ctime is the machine's.
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
        // A full disk or a read-only home is no reason to fail a command that has done its work.
      }
    },
  }
}

function readOwn(file) {
  // Merely opening some devices has an effect.
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

/** Written to disk before it gets its name: after a power cut it is complete or does not exist. */
function writeWhole(file, pieces) {
  const temporary = `${file}.${process.pid}`
  fs.rmSync(temporary, { force: true })
  const descriptor = fs.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  // Without a handler, a size limit of the shell (`ulimit -f`) would end the process instead of only failing the write.
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

/** The folder of all caches is not ours to change, and may be a link. Nothing is written to another user's. */
function takeHome(home) {
  const found = fs.statSync(home, { throwIfNoEntry: false })
  if (found) {
    if (!isOwn(found) && found.uid !== 0) throw new Error(`${home} is not ours`)
    return
  }
  if (path.dirname(home) === home) throw new Error(`${home} is not there`)
  takeHome(path.dirname(home))
  // One by one: where folders cannot be created (/proc), Node's recursive option tries forever.
  makeFolder(home)
}

/** Creates the folder, or makes an existing one accessible only to its owner. */
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

/** According to XDG; undefined for a user without a home. */
function cacheHome() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  // The XDG specification says to ignore relative paths.
  if (XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME
  try {
    // As the function does, without loading its module.
    const home = (process.platform !== 'win32' && process.env.HOME) || process.getBuiltinModule('node:os').homedir()
    if (process.platform === 'win32') return LOCALAPPDATA || home
    return path.isAbsolute(home) ? path.join(home, '.cache') : undefined
  } catch {
    return undefined
  }
}
