import type { Readable } from 'node:stream'
import type { Cloud, ConnectOptions } from '@tyrax/sdk'
import type { Globals } from './globals.js'
import type { Gate, OutputStream } from '../output/gate.js'
import type { ProgressDisplay } from '../progress/display.js'

/** The program's surroundings, handed in so that it can be run anywhere, many times in one process. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Lets the reader of stdout see its end before the process does. */
  readonly closeStdout?: () => void
  /** Ends the command: its reason is the name of the signal that did. */
  readonly signal?: AbortSignal
}

/** The surroundings behind the gates, as everything below `runCli` sees them. */
export interface GatedSurroundings extends Omit<Surroundings, 'stdout' | 'stderr'> {
  readonly stdout: Gate
  readonly stderr: Gate
}

/** What a command works with. Commands return what is to be printed; only bytes they write themselves. */
export interface Context {
  readonly surroundings: GatedSurroundings
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly globals: Globals
  readonly signal: AbortSignal
  /** What flags configure of the cloud. Reads the secret from stdin if that was requested, once. */
  connectOptions(): Promise<ConnectOptions>
  /** The cloud chosen by flags, environment and clouds.yaml; connected once, closed when the command ends. */
  connect(): Promise<Cloud>
  /** One line for people on stderr, not shown with `--quiet` nor where errors are JSON. */
  note(text: string): void
  /** One line on stderr, shown in any case: which cloud is used when none was configured. */
  announce(text: string): void
  /** A warning on stderr, while the command continues. Not shown with `--quiet`. */
  warn(text: string): void
  /** All warnings so far. */
  readonly warnings: readonly string[]
  /** A display of the progress of one transfer on stderr. */
  progress(label: string): ProgressDisplay
  /** Runs when the command ends, whether it fails or not; the last one added runs first. */
  onEnd(cleanup: () => Promise<void>): void
}
