import { appendFile, chmod, link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { failure } from '../faulty-cloud.js'
import { cut, file, middle, once, scene, size } from './scene.js'

test('D14: a target that exists is untouched unless it may be replaced, and then replaced at the end', async () => {
  await using at = await scene([
    { match: { ...file, nth: 1, count: 2 }, fault: { type: 'corrupt', atResponseByte: 7 } },
  ])
  await writeFile(at.to, 'mine')
  expect(await failure(at.download())).toMatchObject({ name: 'TargetError', message: /already exists/ })
  expect(at.ranges()).toEqual([])
  expect(await failure(at.download({ overwrite: true }))).toMatchObject({ name: 'IntegrityError' })
  expect(await readFile(at.to, 'utf8')).toBe('mine')
  await at.download({ overwrite: true })
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['d.raw'])
})

test('D14: a folder as target, a missing one and a read-only one are refused, each in its words, before any data', async () => {
  await using at = await scene([])
  const folder = path.join(at.under.folder, 'sub')
  await mkdir(folder)
  expect(await failure(at.download({ to: folder }))).toMatchObject({ name: 'TargetError', message: /is a directory/ })
  const missing = path.join(at.under.folder, 'none', 'd.raw')
  expect(await failure(at.download({ to: missing }))).toMatchObject({ message: /folder does not exist/ })
  await chmod(folder, 0o500)
  const asRoot = process.getuid?.() === 0
  const readOnly = asRoot ? '/proc/d.raw' : path.join(folder, 'd.raw')
  expect(await failure(at.download({ to: readOnly }))).toMatchObject({
    name: 'TargetError',
    message: /cannot be written/,
  })
  expect(at.ranges()).toEqual([])
})

test('D15: a part that is longer than the image never reaches the result', async () => {
  await using at = await scene(once(cut))
  await failure(at.download({ retries: 0 }))
  await appendFile(`${at.to}.part`, Buffer.alloc(size))
  expect(await at.download()).toMatchObject({ bytes: size, resumedBytes: 0, verdict: 'verified' })
  expect(await at.isWhole()).toBe(true)
})

test('D15: of two downloads to one target the second is refused, and the first goes on', async () => {
  await using at = await scene([
    { match: { ...file, nth: 1 }, fault: { type: 'trickle', bytesPerSecond: 4_000_000, direction: 'response' } },
  ])
  const other = await at.under.another()
  let second: Promise<unknown> | undefined
  await at.download({
    onProgress: ({ bytes }) => {
      if (bytes > 0) second ??= failure(other.images.download(at.id, { to: at.to }))
    },
  })
  expect(await second).toMatchObject({ name: 'TargetError', message: /being downloaded by another process/ })
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['d.raw'])
})

test('D15: a part that is another name of some file, or a link to it, is not written through', async () => {
  await using at = await scene([])
  const precious = path.join(at.under.folder, 'precious')
  await writeFile(precious, 'mine')
  await link(precious, `${at.to}.part`)
  await at.download()
  expect(await readFile(precious, 'utf8')).toBe('mine')
  await symlink(precious, `${at.to}.part`)
  expect(await failure(at.download({ overwrite: true }))).toMatchObject({ name: 'TargetError' })
  expect(await readFile(precious, 'utf8')).toBe('mine')
})

test('D14: a part is resumed after the room it lacked was made', async () => {
  await using at = await scene(once(cut))
  await failure(at.download({ retries: 0 }))
  expect(await at.download()).toMatchObject({ resumedBytes: middle, verdict: 'verified' })
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`])
})
