import { pythonRepr } from '../../python-repr.js'
import { boolean, nullable, options, text, type Check, type Schema } from '../schema.js'

const anything = () => undefined

/** Lists of methods, none of them empty (keystone/identity/backends/resource_options.py). */
const methodRules: Check = (value) => {
  if (!Array.isArray(value)) return { message: `${pythonRepr(value)} is not of type 'array'` }
  for (const rule of value as unknown[]) {
    if (!Array.isArray(rule)) return { message: `${pythonRepr(rule)} is not of type 'array'` }
    if (rule.length === 0) return { message: '[] should be non-empty' }
    const other: unknown = rule.find((method) => typeof method !== 'string')
    if (other !== undefined) return { message: `${pythonRepr(other)} is not of type 'string'` }
    if (new Set(rule).size < rule.length) return { message: `${pythonRepr(rule)} has non-unique elements` }
  }
  return undefined
}

/** keystone/identity/backends/resource_options.py */
const userOptions = options({
  ignore_change_password_upon_first_use: anything,
  ignore_password_expiry: anything,
  ignore_lockout_failure_attempts: anything,
  ignore_user_inactivity: anything,
  lock_password: anything,
  multi_factor_auth_rules: nullable(methodRules),
  multi_factor_auth_enabled: nullable(boolean),
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
