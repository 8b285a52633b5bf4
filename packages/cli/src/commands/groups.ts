import type { Example } from '../command/define-command.js'

/** What `tyrax GROUP --help` shows in addition to the commands of the group. */
export const groups: Readonly<Record<string, { readonly summary: string; readonly examples: readonly Example[] }>> = {
  share: {
    summary: 'Share images with other projects, and accept or reject what others share with you.',
    examples: [
      { run: 'tyrax share add debian-13 0a1b2c3d4e5f', does: 'offer an image to a project' },
      { run: 'tyrax share inbox', does: 'as that project: list what is offered' },
      { run: 'tyrax share accept 3f0c…', does: 'and accept it' },
    ],
  },
  tag: {
    summary: 'Tags of images.',
    examples: [{ run: 'tyrax tag add debian-13 lts', does: 'tag an image' }],
  },
  store: {
    summary: 'Where the cloud keeps data.',
    examples: [
      { run: 'tyrax store list', does: 'which stores there are' },
      { run: 'tyrax import debian-13 --method copy-image --store archive --wait', does: 'copy an image to one' },
    ],
  },
  task: {
    summary: 'What the server does in the background: imports, and hashes of locations.',
    examples: [{ run: 'tyrax task list debian-13', does: 'how the imports of an image went' }],
  },
  location: {
    summary: 'Data of images that is somewhere else, at an address.',
    examples: [{ run: 'tyrax location list debian-13', does: 'where the data of an image is' }],
  },
  object: {
    summary: 'Object storage, which images can be created from.',
    examples: [
      { run: 'tyrax object container create images', does: 'create a container' },
      { run: 'tyrax object put images/u.vhd --file u.vhd', does: 'store a file' },
      { run: 'tyrax create u --object images/u.vhd', does: 'create an image from it' },
    ],
  },
  'object container': {
    summary: 'Containers of objects.',
    examples: [{ run: 'tyrax object container create images', does: 'create a container' }],
  },
  schema: {
    summary: 'Schema documents of the image service: the fields, formats and limits of this cloud.',
    examples: [{ run: 'tyrax -f json schema show image', does: 'the fields of an image' }],
  },
  cache: {
    summary: 'The copies of images that the image service keeps next to itself, for administrators.',
    examples: [
      { run: 'tyrax cache queue debian-13', does: 'have it copied into the cache' },
      { run: 'tyrax cache list', does: 'see what is there' },
    ],
  },
  metadef: {
    summary: 'Metadata definitions: which properties images and other resources may have.',
    examples: [
      { run: 'tyrax metadef namespace list', does: 'the namespaces' },
      { run: 'tyrax metadef property list OS::Compute::Watchdog', does: 'the properties of one' },
    ],
  },
  'metadef namespace': {
    summary: 'Namespaces of metadata definitions.',
    examples: [{ run: 'tyrax -f json metadef namespace export Acme::Images', does: 'a whole namespace' }],
  },
  'metadef property': {
    summary: 'The properties of a namespace.',
    examples: [{ run: 'tyrax metadef property list OS::Compute::Watchdog', does: 'with their values' }],
  },
  'metadef object': {
    summary: 'Groups of properties in a namespace.',
    examples: [{ run: 'tyrax metadef object list OS::Software::WebServers', does: 'and their properties' }],
  },
  'metadef tag': {
    summary: 'The tags of a namespace.',
    examples: [{ run: 'tyrax metadef tag list Acme::Images', does: 'their names' }],
  },
  'metadef resource-type': {
    summary: 'The types of resources that namespaces are meant for.',
    examples: [{ run: 'tyrax metadef resource-type list', does: 'all types' }],
  },
  config: {
    summary: 'The configuration of tyrax.',
    examples: [{ run: 'tyrax config explain', does: 'see where each setting comes from' }],
  },
  auth: {
    summary: 'Check credentials and print tokens.',
    examples: [{ run: 'tyrax auth check', does: 'see where each setting came from, and whether they work' }],
  },
}

export const programExamples: readonly Example[] = [
  {
    run: 'tyrax create debian-13 --file debian-13.qcow2',
    does: 'upload an image; its format is detected and its hash verified',
  },
  { run: 'tyrax list --tag lts', does: 'list images' },
  { run: 'tyrax -f json -c id show debian-13', does: 'for scripts' },
  { run: 'tyrax download debian-13 --output copy.qcow2', does: 'download it, verified' },
  { run: 'tyrax share add debian-13 0a1b2c3d4e5f', does: 'share it with another project' },
  { run: 'tyrax serve --ephemeral', does: 'run a cloud to develop against' },
]
