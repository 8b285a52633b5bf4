import type { Row } from '../output/result.js'

/** Something that a transfer or a command left behind, and how it is removed. */
export interface Leftover {
  /** How messages name it: an id or a path. */
  readonly label: string
  readonly row: Row
  /** @throws when it is in use by now */
  remove(): Promise<void>
}
