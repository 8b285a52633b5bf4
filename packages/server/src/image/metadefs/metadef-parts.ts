import type { Clock } from '../images/clock.js'
import type { MetadefStore } from './metadef-store.js'

/** What the services of metadata definitions are built from. */
export interface MetadefParts {
  readonly store: MetadefStore
  readonly clock: Clock
}
