import { boolean, immutableOption, nullable, tags, text, type Schema } from '../schema.js'

const id = nullable(text({ least: 1, most: 64, pattern: /^[a-zA-Z0-9-]+$/ }))

const changeable: Schema['fields'] = {
  description: nullable(text()),
  enabled: boolean,
  name: text({ least: 1, most: 64, pattern: /[\S]+/ }),
  options: immutableOption,
  tags,
}

/** keystone/resource/schema.py `project_create_request_body` */
export const newProjectSchema: Schema = {
  required: ['name'],
  fields: { ...changeable, domain_id: id, is_domain: boolean, parent_id: id },
}

/** keystone/resource/schema.py `project_update_request_body` */
export const projectUpdateSchema: Schema = { fields: changeable }

/** The fields that have a column, or cannot be set. */
export const projectFields: readonly string[] = [...Object.keys(newProjectSchema.fields), 'id', 'links']
