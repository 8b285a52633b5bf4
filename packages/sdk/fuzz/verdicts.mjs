import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'

/** What a decoder makes of bytes. */
export async function verdict(decoder, bytes) {
  const pieces = []
  try {
    const input = async function* () {
      yield bytes
    }
    for await (const piece of decoder(input(), 'it')) pieces.push(piece)
    return { content: Buffer.concat(pieces) }
  } catch (error) {
    if (error.name !== 'SourceError') throw error
    return { why: error.message }
  }
}

const script = 'i=0; while [ $i -lt "$1" ]; do "$0" -dc <$i >$i.out 2>$i.err; echo $?; i=$((i+1)); done'

/** What the program makes of each: its content where it exits with 0. One shell runs all, as that is much faster. */
export async function toolVerdicts(compression, files) {
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-verdicts-'))
  const at = (name) => path.join(folder, String(name))
  try {
    for (const [index, bytes] of files.entries()) await writeFile(at(index), bytes)
    const shell = spawn('sh', ['-c', script, compression, String(files.length)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const codes = (await text(shell.stdout)).trim().split('\n')
    const verdicts = []
    for (const [index, code] of codes.entries()) {
      const why = async () => (await readFile(at(`${index}.err`), 'utf8')).trim().split('\n', 1)[0]
      verdicts.push(code === '0' ? { content: await readFile(at(`${index}.out`)) } : { why: await why() })
    }
    return verdicts
  } finally {
    await rm(folder, { recursive: true })
  }
}

const endings = { xz: 'xz', zstd: 'zst' }

/**
 * The same with one process for all, where the program goes on after a file that it refuses; several times as fast. Its
 * memory is then that of the files before, so that what comes out otherwise than expected is to be asked again by itself.
 */
export async function hastyVerdicts(compression, files) {
  const ending = endings[compression]
  if (!ending) return toolVerdicts(compression, files)
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-verdicts-'))
  try {
    const names = files.map((_, index) => `${index}.${ending}`)
    for (const [index, bytes] of files.entries()) await writeFile(path.join(folder, names[index]), bytes)
    const program = spawn(compression, ['-d', '-k', '-f', '-q', ...names], { cwd: folder, stdio: 'ignore' })
    await once(program, 'exit')
    const verdicts = []
    for (const index of files.keys()) {
      const content = await readFile(path.join(folder, String(index))).catch(() => undefined)
      verdicts.push(content ? { content } : { why: 'refused' })
    }
    return verdicts
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Whether both take it with the same content, or both refuse it. */
export function agree(found, tool) {
  return found.content && tool.content ? found.content.equals(tool.content) : !found.content && !tool.content
}
