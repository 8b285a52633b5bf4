import type { Inspection } from './inspection.js'
import { isDisguise } from './inspection.js'

/** How Glance treats an upload of `bare` data while `require_image_format_match` is on, which is the default. */
export type GlanceVerdict =
  | {
      readonly accepted: true
      /** The value that Glance sets `virtual_size` to; absent when it leaves it null. */
      readonly virtualSizeBytes?: number
    }
  | { readonly accepted: false; readonly reason: string }

// The names of oslo.utils `format_inspector.ALL_FORMATS`.
const inspectable = new Set(['raw', 'qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'qed', 'iso', 'gpt', 'luks'])

/**
 * Glance's verdict (415 when not accepted) after it has read all of an upload, following `set_data` in its
 * `location.py`. Three rules are surprising: a fixed VHD is not recognised, and so refused as `vhd`; `raw` accepts any
 * format that passes its own safety check; but not an ISO with a partition table.
 */
export function glanceVerdict(declaredDiskFormat: string, inspection: Inspection): GlanceVerdict {
  const names = inspection.glanceFormats
  // Glance also allows an ISO to be a partitioned disk, but refuses the two names when it is declared raw.
  if (isDisguise(names) || (names.length > 1 && declaredDiskFormat === 'raw'))
    return { accepted: false, reason: `Multiple formats detected: ${names.join(',')}` }
  const seen = names.length === 2 ? 'iso' : (names[0] ?? 'raw')
  const size = (bytes: number | undefined): GlanceVerdict =>
    bytes ? { accepted: true, virtualSizeBytes: bytes } : { accepted: true }
  const opaque = seen === 'raw' && !inspectable.has(declaredDiskFormat)
  if (seen !== declaredDiskFormat && declaredDiskFormat !== 'raw' && !opaque)
    return {
      accepted: false,
      reason: `Image disk_format ${declaredDiskFormat} does not match stream data ${seen}`,
    }
  if (seen !== 'raw' && !inspection.safety.safe)
    return { accepted: false, reason: `Image failed safety checks: ${inspection.safety.reasons.join('; ')}` }
  if (opaque) return { accepted: true }
  if (declaredDiskFormat === 'raw') return size(inspection.sizeBytes)
  // Glance reads the size from a descriptor of ISO 9660.
  if (seen === 'iso' && inspection.details['subformat'] === 'udf') return { accepted: true }
  // Glance reads the size that a VHD was created with, not the one that a guest sees.
  const original = inspection.details['originalSizeBytes']
  return size(typeof original === 'number' ? original : inspection.virtualSizeBytes)
}
