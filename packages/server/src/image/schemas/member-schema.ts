import { memberStatuses } from '@tyrax/protocol'
import { imageIdPattern } from '../images/fields/field-schemas.js'

/** The image member document's properties (glance/api/v2/image_members.py). */
export const memberProperties: Readonly<Record<string, object>> = {
  member_id: { type: 'string', description: 'An identifier for the image member (tenantId)' },
  image_id: { type: 'string', description: 'An identifier for the image', pattern: imageIdPattern },
  created_at: { type: 'string', description: 'Date and time of image member creation' },
  updated_at: { type: 'string', description: 'Date and time of last modification of image member' },
  status: { type: 'string', description: 'The status of this image member', enum: [...memberStatuses] },
  schema: { readOnly: true, type: 'string' },
}
