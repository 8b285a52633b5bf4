import { option, type OptionSpec, type OptionValue } from './option.js'
import { formats } from '../output/render.js'
import { quotes } from '../output/result.js'
import { colorModes } from '../output/style.js'
import { progressModes } from '../progress/mode.js'
import { signInOptions } from './sign-in-options.js'

const cloudOptions = {
  osCloud: option.text('--os-cloud <cloud>', 'an entry of clouds.yaml, or "embedded" [OS_CLOUD]'),
  osRegionName: option.text('--os-region-name <name>', 'region in the catalogue'),
  osInterface: option.choice('--os-interface <name>', 'which endpoints to use', ['public', 'internal', 'admin']),
  osAuthUrl: option.text('--os-auth-url <url>', 'URL of Keystone, with or without /v3'),
  osAuthType: option.text(
    '--os-auth-type <type>',
    'password, token, v3applicationcredential, v3totp, v3multifactor, v3oidc…, v3websso, none, …',
  ),
  osUsername: option.text('--os-username <name>', 'user name'),
  osUserId: option.text('--os-user-id <id>', 'user id'),
  osUserDomainName: option.text('--os-user-domain-name <name>', "name of the user's domain"),
  osUserDomainId: option.text('--os-user-domain-id <id>', "id of the user's domain"),
  osProjectName: option.text('--os-project-name <name>', 'project name'),
  osProjectId: option.text('--os-project-id <id>', 'project id'),
  osProjectDomainName: option.text('--os-project-domain-name <name>', "name of the project's domain"),
  osProjectDomainId: option.text('--os-project-domain-id <id>', "id of the project's domain"),
  osApplicationCredentialId: option.text('--os-application-credential-id <id>', 'application credential id'),
  osApplicationCredentialName: option.text('--os-application-credential-name <name>', 'application credential name'),
  osImageEndpointOverride: option.text(
    '--os-image-endpoint-override <url>',
    "URL of Glance, instead of the catalogue's",
  ),
  osObjectStoreEndpointOverride: option.text(
    '--os-object-store-endpoint-override <url>',
    "URL of Swift, instead of the catalogue's",
  ),
  osCacert: option.text('--os-cacert <file>', 'file with the certificate authorities to trust'),
  osCert: option.text('--os-cert <file>', 'client certificate'),
  osKey: option.text('--os-key <file>', 'key of the client certificate'),
  insecure: option.flag('--insecure', 'do not verify certificates'),
  passwordStdin: option.flag('--password-stdin', 'read the password (or secret) from standard input'),
  osPassword: { ...option.text('--os-password <refused>', 'refused: other users could read it'), hidden: true },
  osToken: { ...option.text('--os-token <refused>', 'refused: other users could read it'), hidden: true },
  osApplicationCredentialSecret: {
    ...option.text('--os-application-credential-secret <refused>', 'refused: other users could read it'),
    hidden: true,
  },
}

const outputOptions = {
  format: option.choice('-f, --format <format>', formats.join(', '), formats),
  column: option.texts('-c, --column <column>', 'print only this column; repeat for more'),
  sortColumn: option.texts('--sort-column <column>', 'sort the records by this column; repeat for more'),
  sortAscending: { ...option.flag('--sort-ascending', 'the default'), hidden: true },
  sortDescending: option.flag('--sort-descending', 'sort in descending order'),
  maxWidth: option.integer('--max-width <n>', 'width of tables (default: of the terminal; 0: no limit)'),
  fitWidth: option.flag('--fit-width', 'fit tables to COLUMNS, or to 80, where there is no terminal'),
  printEmpty: { ...option.flag('--print-empty', 'the default'), hidden: true },
  noindent: option.flag('--noindent', 'print JSON in one line'),
  quote: option.choice('--quote <which>', `cells of csv to quote: ${quotes.join(', ')} (default: minimal)`, quotes),
  shellPrefix: option.text('--shell-prefix <text>', 'prefix of the variables that -f shell prints'),
  color: option.choice('--color <when>', colorModes.join(', '), colorModes),
  progress: option.choice('--progress <how>', progressModes.join(', '), progressModes),
  quiet: option.flag('-q, --quiet', 'print no notes and no progress'),
  verbose: option.flag('-v, --verbose', 'print more on stderr'),
  debug: option.flag('--debug', 'trace HTTP on stderr, without secrets'),
}

const networkOptions = {
  connectTimeout: option.duration('--connect-timeout <time>', 'time limit for connecting (default 10s; 0: none)'),
  headersTimeout: option.duration(
    '--headers-timeout <time>',
    'time limit from the last byte sent to the response (default 60s)',
  ),
  idleTimeout: option.duration('--idle-timeout <time>', 'longest pause during a transfer (default 60s)'),
  responseTimeout: option.duration(
    '--response-timeout <time>',
    'time limit for a whole list or record (default 5m; 0: none)',
  ),
  deadline: option.duration('--deadline <time>', 'time limit for the whole command (default: none)'),
  retries: option.integer(
    '--retries <n>',
    'attempts after the first (default 4; for a download, 8 in a row without progress)',
    {
      max: 100,
    },
  ),
}

/** The options that every command has, before or after its name, grouped by their heading in `--help`. */
export const globalOptions = {
  Cloud: cloudOptions,
  'Sign-in': signInOptions,
  Output: outputOptions,
  Network: networkOptions,
} as const satisfies Readonly<Record<string, Readonly<Record<string, OptionSpec<unknown>>>>>

type Values<O> = { readonly [K in keyof O]: OptionValue<O[K]> }

/** The values of {@link globalOptions}. */
export type Globals = Values<typeof cloudOptions> &
  Values<typeof signInOptions> &
  Values<typeof outputOptions> &
  Values<typeof networkOptions>

export const allGlobalOptions = { ...cloudOptions, ...signInOptions, ...outputOptions, ...networkOptions }
