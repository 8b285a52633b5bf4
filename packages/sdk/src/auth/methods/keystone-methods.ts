// The login methods of Keystone, one line per method.
export { applicationCredential } from './application-credential.js'
export { password } from './password.js'
export { token } from './token.js'
export { totp } from './totp.js'
