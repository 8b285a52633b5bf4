import {
  type InspectSourceOptions,
  inspectSource as inspect,
  type SourceInspection,
} from '../../inspect/inspect-source.js'
import type { SourceLike } from '../../sources/to-source.js'
import { browserPlatform } from '../platform/browser-platform.js'

/**
 * Looks into a file, a URL or a stream without reading it whole: at most 2 MiB of it, wherever its format keeps what
 * matters, and as much again of what is inside when it is compressed. `problems` is what `create` and `upload` would say
 * of it. Content, however hostile, never makes it throw. A stream is read from its beginning, and is then consumed.
 * @throws SourceError when it cannot be read
 */
export const inspectSource = (data: SourceLike, options: InspectSourceOptions = {}): Promise<SourceInspection> =>
  inspect(browserPlatform, data, options)
