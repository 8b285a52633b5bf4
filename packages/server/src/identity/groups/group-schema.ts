import { nullable, text, type Schema } from '../schema.js'

const fields: Schema['fields'] = {
  description: nullable(text()),
  domain_id: text({ least: 1, most: 64, pattern: /^[a-zA-Z0-9-]+$/ }),
  name: text({ least: 1, most: 255, pattern: /[\S]+/ }),
}

/** keystone/identity/schema.py `group_create_request_body` */
export const newGroupSchema: Schema = { required: ['name'], fields }

/** keystone/identity/schema.py `group_update_request_body` */
export const groupUpdateSchema: Schema = { isNonEmpty: true, fields }

/** The fields that have a column, or cannot be set. */
export const groupFields: readonly string[] = [...Object.keys(fields), 'id', 'links', 'membership_expires_at']
