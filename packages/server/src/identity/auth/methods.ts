// The login methods, one line per method.
export { applicationCredentialMethod } from './application-credential.js'
export { passwordMethod } from './password.js'
export { tokenMethod } from './token.js'
export { totpMethod } from './totp.js'
