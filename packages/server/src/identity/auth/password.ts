import { unauthorized } from '../errors.js'
import { proveSecret } from '../secret-hash.js'
import { objectAt, stringAt } from '../fields.js'
import { userAt, type AuthMethod } from './method.js'

/** keystone/auth/plugins/password.py */
export const passwordMethod: AuthMethod = {
  name: 'password',
  async prove(fields, parts) {
    const path = 'identity/password/user'
    const given = objectAt(fields['user'], path)
    const user = userAt(given, path, parts)
    const password = stringAt(given, 'password', path)
    if (user.passwordHash === null || !(await proveSecret(password, user.passwordHash))) throw unauthorized()
    return { user }
  },
}
