import type { Habits, OptionHabit } from './habit.js'

/** Of `openstack`, what users of images type next to `image` and `object`. */
export const openstackOther: Habits = {
  'token issue': { ours: 'auth token' },
  'token revoke <token>': {
    ours: { none: 'in an argument, other users could read the token; it expires by itself' },
  },
  'catalog list': { ours: 'auth check' },
  'catalog show <service>': { ours: { instead: 'auth check', because: 'it shows the endpoints of all services' } },
  'endpoint list': {
    ours: 'auth check',
    options: {
      '--service <service>': '',
      '--interface <interface>': '--os-interface {}',
      '--region <region-id>': '--os-region-name {}',
    },
  },
  'configuration show': {
    ours: 'config explain',
    options: { '--mask': '', '--unmask': { none: 'tyrax prints no passwords' } },
  },
}

/** Options of all commands. */
export const globalHabits: Readonly<Record<string, OptionHabit>> = {
  '--prefix <prefix>': '--shell-prefix {}',
  '--variable <variable>': '--column {}',
  '--os-identity-api-version <version>': '',
  '--os-image-api-version <version>': '',
  '--os-compute-api-version <version>': '',
  '--os-network-api-version <version>': '',
  '--os-object-api-version <version>': '',
  '--os-volume-api-version <version>': '',
  '--os-tenant-name <name>': '--os-project-name {}',
  '--os-tenant-id <id>': '--os-project-id {}',
  '--os-region <name>': '--os-region-name {}',
  '--os-endpoint-type <type>': {
    values: {
      publicURL: '--os-interface public',
      internalURL: '--os-interface internal',
      adminURL: '--os-interface admin',
      public: '--os-interface public',
      internal: '--os-interface internal',
      admin: '--os-interface admin',
    },
  },
  '--os-image-url <url>': '--os-image-endpoint-override {}',
  '--os-storage-url <url>': '--os-object-store-endpoint-override {}',
  '--verify': '',
  '--timeout <seconds>': '--response-timeout {}',
}
