import { glanceVerdict, StreamInspector } from '@tyrax/disk-image'
import { Refusal } from '../../refusal.js'

/** Looks at an upload as it goes by, and says at its end what the image is taken for. */
export interface FormatWatch {
  readonly onChunk: ((chunk: Uint8Array) => void) | undefined
  /** The virtual size, where it is known. @throws unsupported-data when the content is not what was declared, or unsafe */
  conclude(): number | null
}

/**
 * Watches `bare` data, which is what can be looked into (glance/location.py `ImageProxy.set_data`). The verdict falls
 * after the last byte, as it does there.
 */
export function watchFormat(diskFormat: string, containerFormat: string, requireMatch: boolean): FormatWatch {
  if (containerFormat !== 'bare') return { onChunk: undefined, conclude: () => null }
  const inspector = new StreamInspector()
  return {
    onChunk: (chunk) => inspector.write(chunk),
    conclude() {
      const verdict = glanceVerdict(diskFormat, inspector.finish())
      if (verdict.accepted) return verdict.virtualSizeBytes ?? null
      if (requireMatch) throw new Refusal('unsupported-data', verdict.reason)
      return null
    },
  }
}
