import { imageSchemaNames, type ImageSchemaName } from '@tyrax/protocol'
import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { nearest } from '../nearest.js'
import { item } from '../output/result.js'

export const schemaShow = defineCommand({
  summary: 'Show a schema document of the image service',
  description: `One of ${imageSchemaNames.join(', ')}.`,
  examples: [{ run: 'tyrax -f json schema show image', does: 'with the formats that this cloud takes' }],
  args: { name: ['<name>', 'name of the document', imageSchemaNames] },
  options: {},
  columns: { names: ['name', 'properties', 'additionalProperties', 'required', 'links', 'definitions'] },
  check({ args }) {
    if (isSchemaName(args.name)) return
    const meant = nearest(args.name, imageSchemaNames)
    throw new UsageError(`There is no schema ${JSON.stringify(args.name)}`, {
      hint: meant === undefined ? `there are ${imageSchemaNames.join(', ')}` : `did you mean ${meant}?`,
    })
  },
  async run(context, { args }) {
    const cloud = await context.connect()
    return item(await cloud.images.schemas.get(args.name as ImageSchemaName, { signal: context.signal }))
  },
})

const isSchemaName = (name: string): boolean => (imageSchemaNames as readonly string[]).includes(name)
