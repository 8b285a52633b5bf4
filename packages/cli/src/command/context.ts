import type { Readable } from 'node:stream'
import type { Cloud, ConnectOptions } from '@tyrax/sdk'
import type { Globals } from './globals.js'
import type { Gate, OutputStream } from '../output/gate.js'
import type { JobControl, ProgressDisplay } from '../progress/board.js'

/** The program's environment, passed in so that it can run anywhere, many times in one process. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** What runs tyrax in a process of its own: Node and the script. */
  readonly program: readonly string[]
  /** Ends the command: its reason is the name of the signal. */
  readonly signal?: AbortSignal
  /** Aborted when the command ends at once, without its cleanup. */
  readonly forced?: AbortSignal
  /** Whether the process ends with the command: that closes its connections. */
  readonly endsProcess?: boolean
  /** The terminal's view of this process. */
  readonly job?: JobControl
  /** Set when the process that runs the embedded cloud runs a command of another process. */
  readonly inside?: Inside
}

/** What a command may do inside the process that runs the embedded cloud. Otherwise its own process has to run it. */
export interface Inside {
  /** @throws unless the command with these words only reads */
  enter(path: readonly string[]): void
  /** Connects to the cloud that this process runs. @throws when the command means another one */
  connect(context: Context): Promise<Cloud>
  /** @throws always: only its own process can run the command */
  refuse(): never
}

/** The surroundings with gated output, as everything below `runCli` sees them. */
export interface GatedSurroundings extends Omit<Surroundings, 'stdout' | 'stderr'> {
  readonly stdout: Gate
  readonly stderr: Gate
}

/** What a command works with. Commands return what is to be printed, and write only bytes themselves. */
export interface Context {
  readonly surroundings: GatedSurroundings
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly globals: Globals
  readonly signal: AbortSignal
  /** The cloud settings from flags. Reads the secret from stdin if that was requested, once. */
  connectOptions(): Promise<ConnectOptions>
  /** The cloud chosen by flags, environment and clouds.yaml; connected once, closed when the command ends. */
  connect(): Promise<Cloud>
  /** Writes one line for people to stderr, except with `--quiet` or when errors are JSON. */
  note(text: string): void
  /** Writes one line to stderr in any case: which cloud is used when none was configured. */
  announce(text: string): void
  /** Writes a warning to stderr, while the command continues. Not shown with `--quiet`. */
  warn(text: string): void
  /** All warnings so far. */
  readonly warnings: readonly string[]
  /**
   * Displays the progress of one transfer on stderr; several at once are several lines.
   * @param of the number of transfers that the command will have, if there are several
   */
  progress(label: string, of?: number): Promise<ProgressDisplay>
  /** Adds a cleanup that runs when the command ends, with the error if it fails; the last one added runs first. */
  onEnd(cleanup: (failure?: unknown) => Promise<void>): void
}
