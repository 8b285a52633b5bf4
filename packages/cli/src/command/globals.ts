import { option, type OptionSpec, type OptionValue } from './option.js'
import { formats } from '../output/render.js'
import { colorModes } from '../output/style.js'
import { progressModes } from '../progress/mode.js'

const cloudOptions = {
  osCloud: option.text('--os-cloud <name>', 'cloud of clouds.yaml, or "embedded" [OS_CLOUD]'),
  osRegionName: option.text('--os-region-name <name>', 'region of the catalogue'),
  osInterface: option.choice('--os-interface <name>', 'which endpoints', ['public', 'internal', 'admin']),
  osAuthUrl: option.text('--os-auth-url <url>', 'Keystone, with or without /v3'),
  osAuthType: option.text(
    '--os-auth-type <type>',
    'password, token, v3applicationcredential, v3totp, v3multifactor or none',
  ),
  osUsername: option.text('--os-username <name>', 'user'),
  osUserId: option.text('--os-user-id <id>', 'user by id'),
  osUserDomainName: option.text('--os-user-domain-name <name>', "the user's domain"),
  osUserDomainId: option.text('--os-user-domain-id <id>', "the user's domain by id"),
  osProjectName: option.text('--os-project-name <name>', 'project'),
  osProjectId: option.text('--os-project-id <id>', 'project by id'),
  osProjectDomainName: option.text('--os-project-domain-name <name>', "the project's domain"),
  osProjectDomainId: option.text('--os-project-domain-id <id>', "the project's domain by id"),
  osApplicationCredentialId: option.text('--os-application-credential-id <id>', 'application credential'),
  osApplicationCredentialName: option.text('--os-application-credential-name <name>', 'application credential by name'),
  osImageEndpointOverride: option.text('--os-image-endpoint-override <url>', "Glance, instead of the catalogue's"),
  osObjectStoreEndpointOverride: option.text(
    '--os-object-store-endpoint-override <url>',
    "Swift, instead of the catalogue's",
  ),
  osCacert: option.text('--os-cacert <file>', 'certificate authorities'),
  osCert: option.text('--os-cert <file>', 'client certificate'),
  osKey: option.text('--os-key <file>', 'its key'),
  insecure: option.flag('--insecure', 'do not verify certificates'),
  passwordStdin: option.flag('--password-stdin', 'read the password (or secret) from standard input'),
  osPassword: { ...option.text('--os-password <refused>', 'refused: anybody could read it'), hidden: true },
  osToken: { ...option.text('--os-token <refused>', 'refused: anybody could read it'), hidden: true },
  osApplicationCredentialSecret: {
    ...option.text('--os-application-credential-secret <refused>', 'refused: anybody could read it'),
    hidden: true,
  },
}

const outputOptions = {
  format: option.choice('-f, --format <format>', formats.join(', '), formats),
  column: option.texts('-c, --column <name>', 'only this column; repeat for more'),
  color: option.choice('--color <when>', colorModes.join(', '), colorModes),
  progress: option.choice('--progress <how>', progressModes.join(', '), progressModes),
  quiet: option.flag('-q, --quiet', 'no notes, no progress'),
  verbose: option.flag('-v, --verbose', 'say more on stderr'),
  debug: option.flag('--debug', 'trace HTTP on stderr, secrets removed'),
}

const transferOptions = {
  connectTimeout: option.duration('--connect-timeout <time>', 'to a connected socket (default 10s; 0: none)'),
  headersTimeout: option.duration('--headers-timeout <time>', 'from the last byte sent to the response (default 60s)'),
  idleTimeout: option.duration('--idle-timeout <time>', 'longest silence while bytes move (default 60s)'),
  responseTimeout: option.duration(
    '--response-timeout <time>',
    'for a whole list or record, however slow (default 5m; 0: none)',
  ),
  deadline: option.duration('--deadline <time>', 'longest time for the whole command (default: none)'),
  retries: option.integer('--retries <n>', 'attempts after the first (default 4; 8 without progress for a download)', {
    max: 100,
  }),
}

/** The options that every command has, before or after its name, by the heading they have in `--help`. */
export const globalOptions = {
  Cloud: cloudOptions,
  Output: outputOptions,
  Network: transferOptions,
} as const satisfies Readonly<Record<string, Readonly<Record<string, OptionSpec<unknown>>>>>

type Values<O> = { readonly [K in keyof O]: OptionValue<O[K]> }

/** The values of {@link globalOptions}. */
export type Globals = Values<typeof cloudOptions> & Values<typeof outputOptions> & Values<typeof transferOptions>

export const allGlobalOptions = { ...cloudOptions, ...outputOptions, ...transferOptions }
