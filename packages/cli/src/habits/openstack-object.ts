import type { Habits, OptionHabit } from './habit.js'

const noAccount = 'tyrax does not change the metadata of an account'

const listOptions = {
  '--prefix <prefix>': '=',
  '--limit <limit>': '=',
  '--marker <marker>': '=',
  '--end-marker <end-marker>': '=',
  '--long': '',
  '--all': '',
} as const satisfies Readonly<Record<string, OptionHabit>>

/** `openstack container …` and `openstack object …` */
export const openstackObject: Habits = {
  'container list': { ours: 'object list', options: listOptions, columns: { count: 'objects' } },
  'container create <containers...>': {
    ours: 'object container create <containers...>',
    options: { '--public': '=', '--storage-policy <storage_policy>': '=' },
  },
  'container show <container>': { ours: 'object container show <container>' },
  'container set <container>': {
    ours: 'object container set <container>',
    options: { '--property <key=value>': '=' },
  },
  'container unset <container>': {
    ours: 'object container unset <container>',
    options: { '--property <key>': '=' },
  },
  'container delete <containers...>': {
    ours: 'object container rm <containers...>',
    options: { '-r, --recursive': '--recursive' },
  },
  'container save <container>': {
    ours: {
      instead:
        'object list <container> -f value -c name | xargs -I NAME tyrax object get <container>/NAME --output NAME',
      because: 'one command downloads one object',
    },
  },
  'object list <container>': {
    ours: 'object list <container>',
    options: { ...listOptions, '--delimiter <delimiter>': '=' },
  },
  'object create <container> <files...>': {
    ours: ['object put <container>/<name> --file=<files*>', 'object put <container>/<files*> --file=<files*>'],
    options: { '--name <name>': { arg: 'name' } },
  },
  'object show <container> <object>': { ours: 'object stat <container>/<object>' },
  'object save <container> <object>': {
    ours: ['object get <container>/<object> --output=<file>', 'object get <container>/<object> --output=<object>'],
    options: { '--file <filename>': { arg: 'file' } },
    note: 'a file that exists is replaced only with --force',
  },
  'object set <container> <object>': {
    ours: 'object set <container>/<object>',
    options: { '--property <key=value>': '=' },
  },
  'object unset <container> <object>': {
    ours: 'object unset <container>/<object>',
    options: { '--property <key>': '=' },
  },
  'object delete <container> <objects...>': { ours: 'object rm <container>/<objects...>' },
  'object store account show': {
    ours: { instead: 'object list', because: 'it lists the containers with their sizes' },
  },
  'object store account set': { ours: { none: noAccount }, options: { '--property <key=value>': '' } },
  'object store account unset': { ours: { none: noAccount }, options: { '--property <key>': '' } },
}
