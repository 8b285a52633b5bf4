import { authMethods } from '@tyrax/sdk/internal'
import { allGlobalOptions } from '../command/globals.js'

/**
 * Adapts the SDK's texts to the command line: they name options in code, followed by the flag where there is one
 * (`overwrite: true (--force)`). Here only the flag remains.
 */
export function inFlags(text: string): string {
  return (
    text
      .replace(/the argument ((?:auth\.)?\w+)/g, (whole, name: string) => flagOf(name) ?? whole)
      .replace(/\bthe auth option\b/g, 'the command line')
      // Not within the path of a key, such as clouds.demo.auth.username.
      .replace(/(?<![.\w])auth\.\w+/g, (name) => flagOf(name) ?? name)
      .replace(/(?:the )?[A-Za-z]\w*(?:: (?:'[^']*'|\w+))? \((--[a-z][a-z-]*(?: [\w=]+)?)\)/g, '$1')
  )
}

/** What to set when the flag has another name or is refused, or when there is more than one way. */
const elsewhere: Readonly<Record<string, string>> = {
  password: 'OS_PASSWORD or --password-stdin',
  applicationCredentialSecret: 'OS_APPLICATION_CREDENTIAL_SECRET or --password-stdin',
  clientSecret: 'OS_CLIENT_SECRET or --password-stdin',
  accessToken: 'OS_ACCESS_TOKEN or --password-stdin',
  passcode: 'OS_PASSCODE or --password-stdin',
  code: 'OS_CODE or --password-stdin',
  token: 'OS_TOKEN',
  region: '--os-region-name',
}

/** `auth.authUrl` is `--os-auth-url`. */
function flagOf(name: string): string | undefined {
  const own = name.replace(/^auth\./, '')
  const options: Readonly<Record<string, { readonly flags: string }>> = allGlobalOptions
  const flags = options[`os${own.charAt(0).toUpperCase()}${own.slice(1)}`]?.flags ?? options[own]?.flags
  return elsewhere[own] ?? /--[a-z-]+/.exec(flags ?? '')?.[0] ?? variableOf(own)
}

/** `auth.passcode`, which has no flag, is `OS_PASSCODE`. */
function variableOf(name: string): string | undefined {
  const key = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return authMethods.some(({ keys }) => keys.includes(key)) ? `OS_${key.toUpperCase()}` : undefined
}
