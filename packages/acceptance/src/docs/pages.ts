/** What a page assumes before its first command. */
interface Page {
  /** Commands that the reader has already run. */
  readonly before?: string
  /** The placeholders that the page uses for values that only the reader knows, and the values here, as shell text. */
  readonly words?: Readonly<Record<string, string>>
}

const debian = 'tyrax create debian-13 --file debian-13.qcow2 --tag lts --property os_distro=debian'

/** The pages whose commands need more than the files of every sandbox. */
export const pages: Readonly<Record<string, Page>> = {
  'README.md': { words: { '0a1b2c3d4e5f': '"$PARTNER_PROJECT"' } },
  'docs/cleanup.md': { before: 'tyrax create ci-1 --tag ci && tyrax create ci-2 --tag ci' },
  'docs/copy.md': {
    before: `${debian} && tyrax object container create backups`,
    words: { production: 'partner' },
  },
  'docs/download.md': { before: `${debian} && rm debian-13.qcow2` },
  'docs/first-session.md': {
    before: 'mv "$HOME/.config/openstack/clouds.yaml" company.yaml',
    words: { 'tyrax ': 'on-terminal tyrax ' },
  },
  'docs/from-openstack.md': {
    before: 'cp debian-13.qcow2 d.qcow2; tyrax object container create images',
  },
  'docs/import.md': { words: { 'https://example.org': '"$FILES"' } },
  'docs/inspect.md': { before: debian, words: { 'https://example.org': '"$FILES"' } },
  'docs/objects-download.md': {
    before: 'tyrax object container create images && tyrax object put images/debian.qcow2 --file debian.qcow2',
  },
  'docs/objects-large.md': {
    before: 'tyrax object container create images; truncate -s 40M disk.raw; gzip --keep disk.raw',
    words: { '2G': '2M' },
  },
  'docs/share.md': {
    before: debian,
    words: { '3f2a…': '"$PARTNER_PROJECT"', ' ID ': ' "$(tyrax show debian-13 -f value -c id)" ' },
  },
  'docs/update.md': { before: `${debian} --property os_codename=trixie` },
  'docs/upload-compressed.md': {
    before: 'cp debian-13.qcow2 fedora-coreos.qcow2; xz fedora-coreos.qcow2; sha256sum fedora* > SHA256SUMS',
    words: { 'https://example.org': '"$FILES"' },
  },
}
