/** What examples take for granted. */
interface Preparation {
  /** Whose examples they are. By default an administrator's, who sees the images of all projects. */
  readonly cloud?: 'member'
  /** Lines that the user has typed before. */
  readonly before?: readonly string[]
  /** The same before each example: for examples that are alternatives, not steps. */
  readonly each?: readonly string[]
  /** Words that stand for values that only the user knows, and the line that prints the value. */
  readonly words?: Readonly<Record<string, string>>
}

const debian =
  'tyrax create debian-13 --file debian-13.qcow2 --tag lts --property os_distro=debian --property os_version=13'
const project = 'tyrax auth check --os-cloud other -f value -c project_id'
const offered = [
  'tyrax create offered --disk-format raw --visibility shared --os-cloud other',
  'tyrax share add offered build --os-cloud other',
]
const offeredId = 'tyrax share inbox -f id'
const namespace = 'tyrax metadef namespace create Acme::Images --visibility public'
const tier = 'tyrax metadef property create Acme::Images tier --title Tier --type string --enum gold --enum silver'
const licence = 'tyrax metadef object create Acme::Images Licence'
const tags = 'tyrax metadef tag add Acme::Images web db'
const container =
  'tyrax object container create imgs; tyrax object container create images; tyrax object container create backups'
const vhd = 'for name in imgs/u.vhd images/u.vhd images/v.vhd; do tyrax object put $name --file u.vhd; done'
const later = 'tyrax rm later; tyrax create later'
const bothDebian = [debian, 'tyrax create debian-12 --file debian-13.qcow2']
const queued = 'tyrax rm debian-13; tyrax create debian-13'
const imported = [
  'tyrax create debian-13',
  'tyrax stage debian-13 --file debian-13.qcow2',
  'tyrax import debian-13 --method glance-direct --wait',
]
const taskId = 'tyrax task list debian-13 -f value -c id'
const mirror = { 'http://mirror.example.org': 'echo $MIRROR' }
const located = [
  'cp disk.raw debian-13.raw; cp disk.raw debian-12.raw',
  'for name in debian-13 debian-12; do tyrax create $name --disk-format raw --container-format bare; done',
]
/** The last location cannot be removed, and only older ways of the API add another. */
const secondLocation =
  'curl -sf -X PATCH -H "X-Auth-Token: $(tyrax auth token -f id)" -H content-type:application/openstack-images-v2.1-json-patch ' +
  `-d '[{"op":"add","path":"/locations/-","value":{"url":"'$MIRROR/debian-12.raw'","metadata":{}}}]' ` +
  '$GLANCE/v2/images/$(tyrax show debian-13 -f id)'
const ownImage = 'tyrax show debian-13 -f value -c id'

/** The usual one: an image that has data. */
export const usual: readonly string[] = [debian]

/** The commands and groups whose examples need more, or something else. */
export const preparations: Readonly<Record<string, Preparation>> = {
  tyrax: { before: [], words: { '0a1b2c3d4e5f': project } },
  'group share': { before: [debian, ...offered], words: { '0a1b2c3d4e5f': project, '3f0c…': offeredId } },
  'group object': { before: [] },
  'group metadef': { before: [] },
  'group metadef namespace': { before: [namespace] },
  'group metadef tag': { before: [namespace] },
  create: { before: [container, vhd, 'cp debian-13.qcow2 u.img'] },
  ensure: { before: ['cp debian-13.qcow2 nightly.qcow2; sha512sum debian-13.qcow2 > SHA512SUMS'] },
  upload: { before: [], each: [later] },
  import: {
    before: [],
    each: [queued],
    words: {
      'debian-13 --method glance':
        'tyrax stage debian-13 --file debian-13.qcow2 -q > log; echo debian-13 --method glance',
      'debian-13 --method copy': 'tyrax upload debian-13 --file debian-13.qcow2 -q > log; echo debian-13 --method copy',
    },
  },
  stage: { before: [later] },
  wait: {
    words: { '--for deleted': '{ sleep 3; tyrax rm debian-13; } > log 2>&1 & echo --for deleted' },
  },
  download: { before: [debian, 'rm debian-13.qcow2'] },
  deactivate: { before: bothDebian },
  reactivate: { before: [...bothDebian, 'tyrax deactivate debian-12'] },
  rm: { before: [...bothDebian, 'tyrax create old --tag ci'] },
  copy: {
    cloud: 'member',
    words: { 'debian-13 --store': `id=$(${ownImage}); echo $id --os-cloud mycloud --store` },
    before: [
      debian,
      container,
      'for name in debian-13 fedora-42; do tyrax create $name --file debian.qcow2 --os-cloud staging; done',
    ],
  },
  'share add': { words: { '0a1b2c3d4e5f': project, '3f0c…': ownImage } },
  'share accept': { before: offered, words: { '3f0c1d2e-…': offeredId } },
  'share reject': { before: offered, words: { '3f0c1d2e-…': offeredId } },
  'share reset': { before: offered, words: { '3f0c1d2e-…': offeredId } },
  'share show': { before: [debian, `tyrax share add debian-13 $(${project})`], words: { '0a1b2c3d4e5f': project } },
  'share rm': { before: [debian, `tyrax share add debian-13 $(${project})`], words: { '0a1b2c3d4e5f': project } },
  'store rm': { before: [debian, 'tyrax import debian-13 --method copy-image --store archive --wait'] },
  'task show': { before: imported, words: { '3f0c…': taskId } },
  'location add': {
    before: located,
    words: { ...mirror, '0f3a…': 'sha512sum debian-12.raw | cut -d" " -f1' },
  },
  'location rm': {
    before: [...located, 'tyrax location add debian-13 --url $MIRROR/debian-13.raw', secondLocation],
    words: mirror,
  },
  'object container create': { before: [] },
  'object container show': { before: [container] },
  'object container set': { before: [container] },
  'object container unset': { before: [container] },
  'object container rm': { before: [], each: ['tyrax object container create images'] },
  'object set': { before: [container, vhd] },
  'object unset': { before: [container, vhd] },
  'object put': { before: [container] },
  'object get': {
    before: [container, vhd, 'tar c u.vhd | tyrax object put backups/today.tar --file -', 'rm u.vhd'],
  },
  'object list': { before: [container, vhd] },
  'object stat': { before: [container, vhd] },
  'object rm': { before: [container, vhd] },
  'object gc': { before: [container] },
  'cache queue': { before: [debian, 'tyrax create ubuntu-24.04 --file debian-13.qcow2'] },
  'cache rm': { before: [...bothDebian, 'tyrax cache queue debian-12'] },
  'metadef namespace create': { before: [] },
  'metadef namespace set': { before: [namespace] },
  'metadef namespace rm': { before: [namespace] },
  'metadef namespace export': { before: [namespace] },
  'metadef namespace import': {
    before: [
      namespace,
      'tyrax -f json metadef namespace export Acme::Images > acme.json',
      'tyrax metadef namespace rm Acme::Images',
    ],
  },
  'metadef property create': { before: [namespace] },
  'metadef property set': { before: [namespace, tier] },
  'metadef property rm': { before: [namespace, tier] },
  'metadef object create': { before: [namespace] },
  'metadef object set': { before: [namespace, licence] },
  'metadef object rm': { before: [namespace, licence] },
  'metadef tag show': { before: [namespace, tags] },
  'metadef tag add': { before: [namespace] },
  'metadef tag rename': { before: [namespace, tags] },
  'metadef tag rm': { before: [namespace, tags] },
  'metadef tag list': { before: [namespace, tags] },
  'metadef resource-type add': { before: [namespace] },
  'metadef resource-type rm': {
    before: [namespace, 'tyrax metadef resource-type add Acme::Images OS::Glance::Image'],
  },
  'auth token': { before: [], words: { 'https://glance.example.org': 'echo $GLANCE' } },
  completion: { before: ['mkdir -p .local/share/bash-completion/completions .zfunc .config/fish/completions'] },
  serve: { before: [] },
}
