import type { EnsureOutcome, ImageCopyOptions, ReplacedImage } from '@tyrax/sdk'
import type { CloudsByName } from '../../cloud/named-clouds.js'
import type { Context } from '../../command/context.js'
import type { Reference } from '../../input/references.js'
import type { Row } from '../../output/result.js'

/** The flags of `tyrax copy`. */
export interface CopyFlags {
  readonly id?: string | undefined
  readonly visibility?: ImageCopyOptions['visibility']
  readonly property?: Readonly<Record<string, string>> | undefined
  readonly tag?: readonly string[] | undefined
  readonly protected?: boolean | undefined
  readonly diskFormat?: string | undefined
  readonly store?: readonly string[] | undefined
  readonly via?: 'auto' | 'client' | 'server' | undefined
  readonly reuse?: boolean | undefined
  readonly replace?: ImageCopyOptions['replace']
  readonly allowDuplicate?: boolean | undefined
  readonly force?: boolean | undefined
  readonly limitRate?: number | undefined
  readonly requireVerified?: boolean | undefined
  readonly checksum?: string | undefined
  readonly decompress?: boolean | undefined
  readonly size?: number | undefined
  readonly dryRun?: boolean | undefined
}

/** One thing to copy. */
export interface CopyJob<From extends Reference = Reference, To extends Reference = Reference> {
  readonly context: Context
  readonly clouds: CloudsByName
  readonly from: From
  readonly to: To
  readonly flags: CopyFlags
}

/** What became of a copy: `planned` with `--dry-run`. */
export type CopyOutcome = EnsureOutcome | 'copied' | 'planned' | 'failed'

/** The fields of each record of `tyrax copy`. */
export const copyColumns = [
  'source',
  'destination',
  'outcome',
  'id',
  'name',
  'path',
  'bytes',
  'via',
  'verdict',
  'reason',
  'omitted',
  'replaced',
  'decompressed',
  'source_checksum',
  'warnings',
  'error',
] as const

/** The record of one copy. */
export function copyRow({ from, to }: Pick<CopyJob, 'from' | 'to'>, outcome: CopyOutcome, rest: Row): Row {
  return { source: from.text, destination: to.text, outcome, ...rest }
}

/** Images that a new one replaced, as records, without what is not known. */
export function replacedRow(replaced: readonly ReplacedImage[]): Row {
  return replaced.length > 0 ? { replaced } : {}
}

const extensions = /\.(?:qcow2?|vmdk|vhdx?|vdi|raw|img|iso|ova|ploop)$/i
const compressions = /\.(?:gz|xz|zst|bz2)$/i

/** The name of an image that is made of a file: `debian` of `images/debian.qcow2.xz`. */
export function imageNameOf(path: string): string {
  const base = path.split(/[/\\]/).at(-1) ?? ''
  return base.replace(compressions, '').replace(extensions, '') || base
}
