import { defaultCloudConfig } from '../../config/defaults.js'
import { fieldSchemasFor } from '../images/fields/field-schemas.js'
import { parseNewImage, type NewImage } from '../images/fields/new-image.js'

/** The image document of a cloud without a configuration. */
export const stockFields = fieldSchemasFor(defaultCloudConfig.image)

/** The body of a create request, as such a cloud reads it. */
export function newImage(body: unknown): NewImage {
  return parseNewImage(body, stockFields, defaultCloudConfig.image.defaultVisibility)
}
