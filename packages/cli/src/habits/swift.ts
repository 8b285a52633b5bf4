import type { Habits, OptionHabit } from './habit.js'

const noHeaders: OptionHabit = { none: 'tyrax sends no headers of your own' }
const noVersions: OptionHabit = { none: 'tyrax knows no versions of objects' }
const header = { '-H, --header <header:value>': noHeaders } as const
const threads = { '--object-threads <threads>': '' } as const

/** `swift …`: with this word before it, because `tyrax list` and others are about images. */
export const swift: Habits = {
  'list [container]': {
    ours: ['object list <container>', 'object list'],
    options: {
      '-l, --long': '',
      '--lh': '',
      '-t, --totals': { instead: 'object container show <container>', because: 'it shows the totals of a container' },
      '-p, --prefix <prefix>': '=',
      '-d, --delimiter <delim>': '=',
      '-j, --json': '-f json',
      '--versions': noVersions,
      ...header,
    },
  },
  'stat [container] [object]': {
    ours: ['object stat <container>/<object>', 'object container show <container>', 'object list'],
    options: { '--lh': '', '--version-id <version-id>': noVersions, ...header },
  },
  'upload <container> <files...>': {
    ours: ['object put <container>/<name> --file=<files*>', 'object put <container>/<files*> --file=<files*>'],
    options: {
      '-c, --changed': '',
      '--skip-identical': '',
      '-S, --segment-size <size>': '=',
      '-C, --segment-container <container>': '=',
      '--leave-segments': { none: 'segments of a replaced object are removed' },
      ...threads,
      '--segment-threads <threads>': '--concurrency {}',
      '-m, --meta <name:value>': { also: 'object set <container>/<name> --property={=}' },
      ...header,
      '--use-slo': '',
      '--use-dlo': { none: 'large objects are static ones' },
      '--ignore-checksum': '',
      '--skip-container-put': '',
      '--object-name <object-name>': { arg: 'name' },
    },
    note: 'the container must exist, and a folder is uploaded file by file',
  },
  'download [container] [objects...]': {
    ours: [
      'object get <container>/<objects*> --output=<out_file>',
      'object get <container>/<objects*> --output=<objects*>',
      {
        instead:
          'object list <container> -f value -c name | xargs -I NAME tyrax object get <container>/NAME --output NAME',
        because: 'one command downloads one object',
      },
    ],
    options: {
      '-a, --all': { instead: 'object list', because: 'it lists the containers to download from' },
      '-m, --marker <marker>': { instead: 'object list <container> --marker={}', because: 'a list begins there' },
      '-p, --prefix <prefix>': { instead: 'object list <container> --prefix={}', because: 'a list is filtered' },
      '-r, --remove-prefix': '',
      '-o, --output <out_file>': { arg: 'out_file' },
      '-D, --output-dir <folder>': {
        instead: 'object get <container>/<objects> --output={}/<objects>',
        because: 'the file is named',
      },
      ...threads,
      '--container-threads <threads>': '',
      '--no-download': { instead: 'object get <container>/<objects> --output=/dev/null', because: 'that is the same' },
      ...header,
      '--skip-identical': '',
      '--version-id <version-id>': noVersions,
      '--ignore-checksum': { none: 'what arrived damaged is never kept' },
      '--no-shuffle': '',
      '--ignore-mtime': '',
    },
  },
  'delete [container] [objects...]': {
    ours: [
      'object rm <container>/<objects...>',
      'object container rm <container> --recursive',
      { instead: 'object list', because: 'it lists the containers to delete' },
    ],
    options: {
      '-a, --all': { instead: 'object list', because: 'it lists the containers to delete' },
      '--versions': noVersions,
      '--leave-segments': '--keep-segments',
      ...header,
      ...threads,
      '--container-threads <threads>': '',
      '--prefix <prefix>': { instead: 'object list <container> --prefix={}', because: 'a list is filtered' },
      '--version-id <version-id>': noVersions,
    },
  },
  'post [container] [object]': {
    ours: [
      'object set <container>/<object>',
      'object container set <container>',
      { none: 'tyrax does not change the metadata of an account' },
    ],
    options: {
      '-m, --meta <name:value>': '--property {=}',
      '-r, --read-acl <acl>': { none: 'tyrax sets no ACLs but that of `object container create --public`' },
      '-w, --write-acl <acl>': { none: 'tyrax sets no ACLs but that of `object container create --public`' },
      '-t, --sync-to <sync-to>': { none: 'tyrax sets up no synchronisation' },
      '-k, --sync-key <sync-key>': { none: 'tyrax sets up no synchronisation' },
      ...header,
    },
    note: 'a container must exist; to create one: `tyrax object container create`',
  },
  'copy <container> <objects...>': {
    ours: {
      instead: 'copy swift:<container>/<objects> swift:CONTAINER/OBJECT',
      because: 'it copies between containers, and between clouds',
    },
    options: {
      '-d, --destination <path>': '',
      '-M, --fresh-metadata': '',
      '-m, --meta <name:value>': '',
      ...header,
    },
  },
  'capabilities [proxy_url]': {
    ours: { none: 'tyrax reads the limits of object storage by itself' },
    options: { '--json': '' },
  },
  'tempurl <method> <time> <path> <key>': {
    ours: { none: 'tyrax makes no temporary URLs' },
    options: {
      '--absolute': '',
      '--prefix-based': '',
      '--iso8601': '',
      '--ip-range <range>': '',
      '--digest <digest>': '',
    },
  },
  auth: { ours: { instead: 'auth token', because: 'it prints the token; `tyrax auth check` prints the URLs' } },
}
