import {
  type InspectSourceOptions,
  inspectSource as inspect,
  type SourceInspection,
} from '../../inspect/inspect-source.js'
import type { SourceLike } from '../../sources/to-source.js'
import { nodePlatform } from '../platform/node-platform.js'

/**
 * Inspects a file, a URL or a stream without reading it completely: at most 2 MiB of it, wherever its format stores its
 * metadata, and the same amount of the decompressed content when it is compressed. `problems` lists what `create` and
 * `upload` would report. Content, however hostile, never makes it throw. A stream is read from its beginning and is
 * then consumed.
 * @throws SourceError when it cannot be read
 */
export const inspectSource = (data: SourceLike, options: InspectSourceOptions = {}): Promise<SourceInspection> =>
  inspect(nodePlatform, data, options)
