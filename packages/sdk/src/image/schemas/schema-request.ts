import { type ImageSchemaName, imageSchemaNames } from '@tyrax/protocol'
import { shown } from '../../errors/shown.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageSchema } from './schema-document.js'

export async function readSchema(
  { client }: ImageContext,
  name: ImageSchemaName,
  { signal }: CallOptions,
): Promise<ImageSchema> {
  if (!imageSchemaNames.includes(name)) {
    throw new UsageError(`there is no schema ${shown(name)}`, { hint: `there are ${imageSchemaNames.join(', ')}` })
  }
  return readJson(await client.request({ method: 'GET', path: `/schemas/${name}`, signal }), (body) => {
    const document = (body ?? {}) as Partial<ImageSchema>
    if (typeof document.name !== 'string' || typeof document.properties !== 'object') {
      throw new Error('the response is not a schema')
    }
    return document as ImageSchema
  })
}
