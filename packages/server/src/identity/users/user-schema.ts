import { boolean, nullable, options, text, type Schema } from '../schema.js'

const anything = () => undefined

/** keystone/identity/backends/resource_options.py */
const userOptions = options({
  ignore_change_password_upon_first_use: anything,
  ignore_password_expiry: anything,
  ignore_lockout_failure_attempts: anything,
  ignore_user_inactivity: anything,
  lock_password: anything,
  multi_factor_auth_rules: anything,
  multi_factor_auth_enabled: anything,
})

const fields: Schema['fields'] = {
  default_project_id: nullable(text()),
  description: nullable(text()),
  domain_id: text({ least: 1, most: 64, pattern: /^[a-zA-Z0-9-]+$/ }),
  enabled: boolean,
  name: text({ least: 1, most: 255, pattern: /[\S]+/ }),
  password: nullable(text()),
  options: userOptions,
}

/** keystone/identity/schema.py `user_create_request` */
export const newUserSchema: Schema = { required: ['name'], fields }

/** keystone/identity/schema.py `user_update_request` */
export const userUpdateSchema: Schema = { isNonEmpty: true, fields }

/** The fields that have a column, or cannot be set. The description has none. */
export const userFields: readonly string[] = [
  ...Object.keys(fields).filter((name) => name !== 'description'),
  'id',
  'links',
  'password_expires_at',
  // Never stored, in case a client sends it to the wrong route.
  'original_password',
]
