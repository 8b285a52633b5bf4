import { immutableOption, nullable, text, type Schema } from '../schema.js'

const fields: Schema['fields'] = {
  name: text({ least: 1, most: 255, pattern: /[\S]+/ }),
  description: nullable(text()),
  domain_id: nullable(text({ least: 1, most: 64, pattern: /^[a-zA-Z0-9-]+$/ })),
  options: immutableOption,
}

/** keystone/assignment/schema.py `role_create_request_body` */
export const newRoleSchema: Schema = { required: ['name'], fields }

/** keystone/assignment/schema.py `role_update_request_body` */
export const roleUpdateSchema: Schema = { isNonEmpty: true, fields }

/** The fields that have a column, or cannot be set. */
export const roleFields: readonly string[] = [...Object.keys(fields), 'id', 'links']
