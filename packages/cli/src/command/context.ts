import type { Readable } from 'node:stream'
import type { Cloud, ConnectOptions } from '@tyrax/sdk'
import type { Globals } from './globals.js'
import type { Gate, OutputStream } from '../output/gate.js'
import type { ProgressDisplay } from '../progress/display.js'

/** The program's environment, passed in so that it can run anywhere, many times in one process. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Closes stdout, so that its reader sees the end before the process exits. */
  readonly closeStdout?: () => void
  /** Ends the command: its reason is the name of the signal. */
  readonly signal?: AbortSignal
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
  /** Displays the progress of one transfer on stderr. */
  progress(label: string): ProgressDisplay
  /** Adds a cleanup that runs when the command ends, whether it fails or not; the last one added runs first. */
  onEnd(cleanup: () => Promise<void>): void
}
