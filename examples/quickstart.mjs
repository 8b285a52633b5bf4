// A disk image goes up, is verified, listed, changed, shared with another project, accepted there,
// comes back byte for byte, and goes away: first on an embedded cloud that lives as long as this script,
// or, with OS_CLOUD set (and TYRAX_OTHER_CLOUD for a second project), on a cloud of your clouds.yaml.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { connect, fromFile } from '@tyrax/sdk'

const file = process.argv[2] ?? fileURLToPath(new URL('../packages/testkit/fixtures/tiny.qcow2', import.meta.url))
const say = (what, detail = '') => console.log(`  ${what.padEnd(34)} ${detail}`)

const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-quickstart-'))
const clouds = await openClouds()
try {
  await tour(clouds.mine, clouds.theirs)
} finally {
  await clouds.close()
  await rm(folder, { recursive: true, force: true })
}

async function tour(mine, theirs) {
  const { size } = await stat(file)
  say('the image', `${path.basename(file)}, ${size.toLocaleString('en')} bytes`)

  const image = await mine.images.create({
    name: 'quickstart',
    diskFormat: 'auto',
    data: fromFile(file),
    tags: ['tour'],
    properties: { os_distro: 'debian' },
  })
  say('uploaded and verified', `${image.id}, ${image.diskFormat}, ${image.status}, ${image.verdict}`)

  for await (const found of mine.images.list({ tag: ['tour'], sizeMin: 1 })) {
    say('listed by its tag', `${found.name}, ${found.size.toLocaleString('en')} bytes`)
  }

  const changed = await mine.images.update(image, {
    name: 'quickstart: ready',
    minRam: 512,
    properties: { os_distro: null, os_version: '13' },
  })
  say('changed', `${changed.name}, min RAM ${changed.minRam} MiB, ${JSON.stringify(changed.properties)}`)

  await mine.images.members.add(image, theirs.projectId)
  const offered = await theirs.images.listAll({ visibility: 'shared', memberStatus: 'pending' })
  say('shared, seen by the other project', offered.map(({ name }) => name).join(', '))
  const member = await theirs.images.updateImageMember(image.id, 'accepted')
  say('accepted there', `${member.memberId} ${member.status}`)

  const copy = path.join(folder, path.basename(file))
  const { bytes, verdict } = await theirs.images.download(image.id, { to: copy })
  say('downloaded by the other project', `${bytes.toLocaleString('en')} bytes, ${verdict}`)

  const [before, after] = [await sha512(file), await sha512(copy)]
  say('sha512 of what went up', `${before.slice(0, 32)}…`)
  say('sha512 of what came back', `${after.slice(0, 32)}…`)
  if (before !== after) throw new Error('The downloaded image differs from the one that was uploaded.')

  await mine.images.delete(image)
  say('deleted', `${(await mine.images.listAll({ tag: ['tour'] })).length} left`)
  console.log('\n✔ The hashes are equal: the image went up and came back byte for byte.')
}

async function openClouds() {
  if (process.env.OS_CLOUD) {
    const mine = await connect()
    const theirs = await connect({ cloud: process.env.TYRAX_OTHER_CLOUD ?? process.env.OS_CLOUD })
    return { mine, theirs, close: () => Promise.all([mine.close(), theirs.close()]) }
  }
  const { startCloud } = await import('@tyrax/server')
  const embedded = await startCloud({
    port: 0,
    config: {
      projects: ['demo', 'partner'],
      users: [
        { name: 'demo', password: 'secret', project: 'demo', roles: ['member'] },
        { name: 'partner', password: 'secret', project: 'partner', roles: ['member'] },
      ],
    },
  })
  say('embedded cloud', embedded.authUrl)
  const login = (name) =>
    connect({
      auth: {
        authUrl: embedded.authUrl,
        username: name,
        password: 'secret',
        projectName: name,
        userDomainName: 'Default',
        projectDomainName: 'Default',
      },
    })
  const [mine, theirs] = await Promise.all([login('demo'), login('partner')])
  return {
    mine,
    theirs,
    close: async () => {
      await Promise.all([mine.close(), theirs.close()])
      await embedded.close()
    },
  }
}

async function sha512(name) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(name), hash)
  return hash.digest('hex')
}
