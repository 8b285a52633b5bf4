import { glanceVerdict, StreamInspector, type Inspection } from '@tyrax/disk-image'
import { Refusal } from '../../refusal.js'

/** Inspects an upload's bytes as they pass, and judges the image's format at the end. */
export interface FormatWatch {
  readonly onChunk: ((chunk: Uint8Array) => void) | undefined
  /**
   * @returns the virtual size, if known. @throws unsupported-data when the content is unsafe or not the declared format
   */
  conclude(): number | null
}

/**
 * Watches `bare` data, the only container format that can be inspected (glance/location.py `ImageProxy.set_data`). As
 * in Glance, the verdict comes after the last byte.
 */
export function watchFormat(diskFormat: string, containerFormat: string, requireMatch: boolean): FormatWatch {
  if (containerFormat !== 'bare') return { onChunk: undefined, conclude: () => null }
  const inspector = new StreamInspector()
  return {
    onChunk: (chunk) => inspector.write(chunk),
    conclude: () => judgeFormat({ diskFormat, containerFormat, requireMatch }, inspector.finish()),
  }
}

/** The formats that an image declares. */
interface DeclaredFormats {
  readonly diskFormat: string
  readonly containerFormat: string
  /** Refuse data that contradicts them. */
  readonly requireMatch: boolean
}

/**
 * @returns the virtual size of inspected data, if known
 * @throws unsupported-data when the content is unsafe or not the declared format
 */
export function judgeFormat(declared: DeclaredFormats, inspection: Inspection): number | null {
  if (declared.containerFormat !== 'bare') return null
  const verdict = glanceVerdict(declared.diskFormat, inspection)
  if (verdict.accepted) return verdict.virtualSizeBytes ?? null
  if (declared.requireMatch) throw new Refusal('unsupported-data', verdict.reason)
  return null
}
