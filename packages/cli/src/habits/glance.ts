import type { Habits, OptionHabit } from './habit.js'
import { bool, namedProperties, sortedTasks, stageImage } from './shared-habits.js'

const fields = {
  ...namedProperties,
  '--min-disk <min_disk>': '=',
  '--visibility <visibility>': '=',
  '--disk-format <disk_format>': '=',
  '--owner <owner>': '=',
  '--min-ram <min_ram>': '=',
  '--container-format <container_format>': '=',
  '--property <key=value>': '=',
} as const

const creating = {
  ...fields,
  '--name <name>': { arg: 'name' },
  '--protected [bool]': bool('--protected', ''),
  '--hidden [bool]': bool('--hidden', ''),
  '--tags <tags...>': '--tag {}',
  '--id <id>': '=',
  '--file <file>': '=',
  '--size <image_size>': '=',
  '--progress': '',
  '--store <store>': '=',
} as const satisfies Readonly<Record<string, OptionHabit>>

const importing = {
  '--uri <image_url>': '=',
  '--store <store>': '=',
  '--stores <stores>': { each: '--store {}' },
  '--all-stores [bool]': bool('--all-stores', ''),
  '--allow-failure [bool]': bool('--allow-partial', ''),
} as const satisfies Readonly<Record<string, OptionHabit>>

const remote = {
  '--remote-region <region>': '--region {}',
  '--remote-image-id <image>': '--remote-image {}',
  '--remote-service-interface <interface>': '--remote-interface {}',
} as const

const noMetadata: OptionHabit = { none: 'tyrax sets no metadata of locations' }

/** `glance …`, without metadata definitions. */
export const glance: Habits = {
  'image-list': {
    ours: 'list',
    options: {
      '--limit <limit>': '=',
      '--page-size <size>': '',
      '--visibility <visibility>': '=',
      '--member-status <member_status>': '=',
      '--owner <owner>': '=',
      '--property-filter <key=value>': '--property {}',
      '--checksum <checksum>': '=',
      '--hash <hash_value>': '=',
      '--tag <tag>': '=',
      '--sort-key <key>': '=',
      '--sort-dir <direction>': '=',
      '--sort <key:direction>': '=',
      '--hidden [bool]': bool('--hidden', ''),
      '--include-stores [bool]': bool('-c id -c name -c stores', ''),
    },
  },
  'image-show <image>': { ours: 'show <image>', options: { '--human-readable': '', '--max-column-width <n>': '' } },
  'image-create': { ours: 'create <name>', options: creating, note: 'an image without --name is not created' },
  'image-create-via-import': {
    ours: 'create <name> --import',
    options: {
      ...creating,
      ...importing,
      '--import-method <method>': {
        values: {
          'glance-direct': '',
          'web-download': '',
        },
      },
      '--remote-region <region>': glanceDownload('--region={}'),
      '--remote-image-id <image>': glanceDownload('--remote-image={}'),
      '--remote-service-interface <interface>': glanceDownload('--remote-interface={}'),
    },
  },
  'image-update <image>': {
    ours: 'set <image>',
    mayBeBare: true,
    options: {
      ...fields,
      '--name <name>': '=',
      '--protected [bool]': bool('--protected', '--no-protected'),
      '--hidden [bool]': bool('--hidden', '--no-hidden'),
      '--remove-property <key>': { also: 'unset <image> --property={}' },
    },
  },
  'image-delete <images...>': { ours: 'rm <images...>' },
  'image-deactivate <image>': { ours: 'deactivate <image>' },
  'image-reactivate <image>': { ours: 'reactivate <image>' },
  'image-download <image>': {
    ours: ['download <image> --output=<file>', 'download <image> --output=-'],
    options: {
      '--file <file>': { arg: 'file' },
      '--allow-md5-fallback': '',
      '--progress': '',
      '--prefer <stores>': { each: '--prefer {}' },
    },
    note: 'a file that exists is replaced only with --force',
  },
  'image-upload <image>': {
    ours: ['upload <image> --file=<file>', 'upload <image> --file=-'],
    options: { '--file <file>': { arg: 'file' }, '--size <image_size>': '=', '--progress': '', '--store <store>': '=' },
  },
  'image-stage <image>': stageImage,
  'image-import <image>': {
    ours: ['import <image> --method=<method>', 'import <image> --method=glance-direct'],
    options: { '--import-method <method>': { arg: 'method' }, ...importing, ...remote },
  },
  'import-info': { ours: 'import-methods' },
  'image-tag-update <image> <tag>': { ours: 'tag add <image> <tag>' },
  'image-tag-delete <image> <tag>': { ours: 'tag rm <image> <tag>' },
  'image-tasks <image>': { ours: 'task list <image>' },
  'member-create <image> <member>': { ours: 'share add <image> <member>' },
  'member-delete <image> <member>': { ours: 'share rm <image> <member>' },
  'member-get <image> <member>': { ours: 'share show <image> <member>' },
  'member-list': { ours: 'share list <image>', options: { '--image-id <image>': { arg: 'image' } } },
  'member-update <image> <member> <status>': {
    ours: {
      instead: 'share accept <image>',
      because: 'share accept, reject and reset decide for the project of the command, and no other can be decided for',
    },
  },
  'stores-info': { ours: 'store list', options: { '--detail': '=' } },
  'stores-delete <image>': { ours: 'store rm <image>', options: { '--store <store>': '=' } },
  'add-location <image>': {
    ours: 'location add <image>',
    options: {
      '--url <url>': '=',
      '--validation-data <json>': {
        instead: 'location add <image> --url URL --hash sha512:HEX',
        because: 'the hash is an option of its own',
      },
    },
  },
  'location-add <image>': {
    ours: ['location add <image> --now --hash=<algorithm>:<value>', 'location add <image> --now'],
    options: {
      '--url <url>': '=',
      '--metadata <json>': noMetadata,
      '--checksum <md5>': '',
      '--hash-algo <algorithm>': { arg: 'algorithm' },
      '--hash-value <value>': { arg: 'value' },
    },
  },
  'location-delete <image>': { ours: 'location rm <image>', options: { '--url <url>': '=' } },
  'location-update <image>': {
    ours: { none: 'tyrax does not change the metadata of a location' },
    options: { '--url <url>': '', '--metadata <json>': '' },
  },
  'cache-list': { ours: 'cache list' },
  'cache-queue <images...>': { ours: 'cache queue <images...>' },
  'cache-delete <images...>': { ours: 'cache rm <images...>' },
  'cache-clear': {
    ours: 'cache clear',
    options: { '--target <target>': { values: { cache: '--cache', queue: '--queue', both: '' } } },
  },
  'cache-clean': { ours: 'cache clean' },
  'cache-prune': { ours: 'cache prune' },
  'cache-nodes-list <image>': {
    ours: { instead: 'cache list', because: 'it shows what is cached; not on which node' },
  },
  'task-list': {
    ours: 'task list',
    options: {
      ...sortedTasks,
      '--page-size <size>': '',
      '--type <type>': '=',
      '--status <status>': '=',
    },
  },
  'task-show <task>': { ours: 'task show <task>' },
  'task-create': {
    ours: { instead: 'create NAME --uri URL', because: 'the tasks API is deprecated, and for administrators' },
    options: { '--type <type>': '', '--input <json>': '' },
  },
  usage: { ours: 'usage' },
  'explain <model>': { ours: 'schema show <model>' },
  'bash-completion': { ours: { instead: 'completion bash', because: 'it prints the completions of tyrax' } },
}

function glanceDownload(option: string): OptionHabit {
  return {
    instead: `create <name> && import <name> --method=glance-download ${option}`,
    because: 'the record is created first',
  }
}
