import type { DetectedFormat } from './detected-format.js'
import type { Problem } from './problem.js'

const promises: Readonly<Record<string, readonly DetectedFormat[]>> = {
  qcow2: ['qcow2'],
  qcow: ['qcow', 'qcow2'],
  vmdk: ['vmdk'],
  vhd: ['vhd'],
  vhdx: ['vhdx'],
  vdi: ['vdi'],
  iso: ['iso'],
}

/** The last extension of a path or an address, not counting those of compressed files. */
function ending(name: string): string | undefined {
  const path = name.replace(/[?#].*$/s, '').toLowerCase()
  // The plain extent of a VMDK in several files.
  if (path.endsWith('-flat.vmdk')) return undefined
  return /\.([a-z0-9]+)(?:\.(?:gz|xz|zst|zstd|bz2))?$/.exec(path)?.[1]
}

/**
 * Compares the content with what the name promises: a file called .qcow2 with unrecognised content is not a plain disk,
 * but has lost its beginning. `asked`: the declared disk format, or `auto`.
 */
export function judgeName(format: DetectedFormat, asked: string, name: string | undefined): readonly Problem[] {
  const end = name === undefined ? undefined : ending(name)
  const promised = end === undefined ? undefined : promises[end]
  if (!promised || end === undefined || promised.includes(format)) return []
  const isLost = format === 'raw' && asked === 'auto'
  const found = format === 'raw' ? 'nothing in it is of that format' : `it is ${format}`
  return [
    {
      code: 'name-mismatch',
      severity: isLost ? 'refused' : 'warning',
      message: `the name ends with .${end}, and ${found}`,
      hint: isLost
        ? 'get the file again, or declare it as raw if that is what it is'
        : 'make sure that it is the right file',
    },
  ]
}
