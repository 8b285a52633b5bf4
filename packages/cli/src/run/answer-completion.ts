import { Readable, Writable } from 'node:stream'
import type { Context, GatedSurroundings } from '../command/context.js'
import { allGlobalOptions, type Globals } from '../command/globals.js'
import type { OptionSpec } from '../command/option.js'
import { groups } from '../commands/groups.js'
import { commandEntries } from '../commands/index.js'
import { complete } from '../completion/complete.js'
import type { TypedLine } from '../completion/position.js'
import { readQuestion } from '../completion/reply.js'
import { openGate } from '../output/gate.js'
import { openContext, type OpenedContext } from './open-context.js'

/** Longer than a list of images takes, shorter than a person waits for a key. */
const limitMs = 2000

/**
 * Replies to a completion script. It asks nothing, starts nothing, and keeps silent about every failure: the user is in
 * the middle of a line.
 */
export async function answerCompletion(argv: readonly string[], surroundings: GatedSurroundings): Promise<number> {
  let opened: OpenedContext | undefined
  try {
    const { asked, reply } = readQuestion(argv, surroundings.env)
    const contextFor = (typed: TypedLine): Context => {
      opened = openContext(globalsOf(typed), silenced(surroundings))
      return opened.context
    }
    const found = await complete(asked, { entries: commandEntries, groups }, contextFor)
    surroundings.stdout.write(reply(found))
    await surroundings.stdout.flush()
  } catch {
    surroundings.stdout.write('nothing\n')
  } finally {
    await opened?.close().catch(() => undefined)
  }
  return 0
}

function globalsOf({ options }: TypedLine): Globals {
  const known = Object.entries<OptionSpec<unknown>>(allGlobalOptions)
  const given = known.flatMap(([key, spec]) => {
    const texts = options[key]
    if (!texts) return []
    const value = spec.parse ? texts.reduce<unknown>((earlier, text) => spec.parse?.(text, earlier), undefined) : true
    return [[key, value] as const]
  })
  return { ...(Object.fromEntries(given) as Globals), quiet: true, retries: 0 }
}

/** No terminal, so that nothing is asked; nothing to read, and nowhere to write. */
function silenced({ env, cwd, program, signal }: GatedSurroundings): GatedSurroundings {
  const nowhere = openGate(() => new Writable({ write: (_chunk, _encoding, done) => done() }))
  const signals = [AbortSignal.timeout(limitMs), ...(signal ? [signal] : [])]
  return {
    env,
    cwd,
    program,
    signal: AbortSignal.any(signals),
    stdin: Readable.from([]),
    stdout: nowhere,
    stderr: nowhere,
  }
}
