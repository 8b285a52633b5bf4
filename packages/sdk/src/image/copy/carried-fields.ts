import { imageFieldByWire, isReservedProperty } from '@tyrax/protocol'
import type { Image } from '../images/image.js'
import type { ImageFields } from '../images/create-body.js'
import type { ImageCopyOptions } from './copy-options.js'

/** The fields of a copy, and what of the original they do not contain. */
export interface CarriedFields {
  readonly fields: ImageFields & { readonly containerFormat: string; readonly diskFormat: string }
  /** Names of properties that mean something only where the original is. */
  readonly omitted: readonly string[]
}

/**
 * Properties that refer to servers, volumes, users and certificates of the original's cloud, where Nova, Cinder and
 * Glance look them up (nova/compute/api.py, cinder/image/glance.py, glance/common/signature_utils.py). In another cloud
 * they are wrong, and those about signatures make the upload fail.
 */
const onlyThere = new Set([
  'base_image_ref',
  'bdm_v2',
  'block_device_mapping',
  'image_location',
  'image_state',
  'img_signature',
  'img_signature_certificate_uuid',
  'img_signature_hash_method',
  'img_signature_key_type',
  'instance_uuid',
  'owner_id',
  'owner_project_name',
  'owner_user_name',
  'signature_verified',
  'user_id',
])

/**
 * What a copy takes over: formats, minimum sizes, tags, whether it is hidden or protected, and custom properties. Owner,
 * visibility, members, stores and everything that the server computes belong to the original alone.
 * @param isHere the copy stays in the original's project
 */
export function carriedFields(image: Image, options: ImageCopyOptions, isHere: boolean): CarriedFields {
  const omitted: string[] = []
  const properties: Record<string, string> = {}
  for (const [key, value] of Object.entries(image.properties)) {
    if (isReservedProperty(key) || imageFieldByWire(key) !== undefined) continue
    if (!isHere && onlyThere.has(key) && options.properties?.[key] === undefined) omitted.push(key)
    else properties[key] = value
  }
  for (const [key, value] of Object.entries(options.properties ?? {})) {
    if (value === null) delete properties[key]
    else if (value !== undefined) properties[key] = value
  }
  const { visibility = 'private' } = options
  return {
    fields: {
      name: options.name ?? image.name ?? image.id,
      id: options.id,
      diskFormat: options.diskFormat ?? image.diskFormat ?? 'auto',
      containerFormat: image.containerFormat ?? 'bare',
      visibility: visibility === 'same' ? knownVisibility(image) : visibility,
      minDisk: image.minDisk,
      minRam: image.minRam,
      tags: options.tags ?? image.tags,
      protected: options.protected ?? image.protected,
      osHidden: image.osHidden,
      properties,
    },
    omitted: omitted.toSorted(),
  }
}

/** A visibility of a newer server is passed on as it is. */
const knownVisibility = ({ visibility }: Image) => visibility as ImageFields['visibility']
