import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixture, fixturePath } from '@tyrax/testkit'
import { type Clients, clientsOf } from './clients.js'
import { sha512 } from './hash.js'
import { type Subject, subjects } from './subject.js'

describe.each(subjects)('swift works on $name', ({ start }) => {
  let subject: Subject
  let demo: Clients
  let alt: Clients

  beforeAll(async () => {
    subject = await start()
    demo = clientsOf(subject, subject.demo)
    alt = clientsOf(subject, subject.alt)
  })
  afterAll(() => subject.close())

  test('a file is uploaded, listed, described, downloaded and deleted', async () => {
    await demo.swift(
      'upload',
      'sw-box',
      fixturePath('vdi'),
      '--object-name',
      'disks/tiny.vdi',
      '--header',
      'X-Object-Meta-Colour: blue',
    )
    expect((await demo.swift('list')).split('\n')).toContain('sw-box')
    expect(await demo.swift('list', 'sw-box')).toBe('disks/tiny.vdi\n')
    expect(await demo.swift('list', 'sw-box', '--prefix', 'none')).toBe('')
    expect(await demo.swift('list', 'sw-box', '--long')).toContain(String(fixture('vdi').bytes))
    const stat = await demo.swift('stat', 'sw-box', 'disks/tiny.vdi')
    expect(stat).toMatch(new RegExp(`Content Length: ${fixture('vdi').bytes}\\b`))
    expect(stat).toMatch(/Meta Colour: blue/i)
    await demo.swift('post', 'sw-box', 'disks/tiny.vdi', '--meta', 'Size:small')
    expect(await demo.swift('stat', 'sw-box', 'disks/tiny.vdi')).toMatch(/Meta Size: small/i)
    expect(await demo.swift('stat', 'sw-box')).toMatch(/Objects: 1\b/)

    const copy = path.join(subject.folder, 'swift.vdi')
    await demo.swift('download', 'sw-box', 'disks/tiny.vdi', '--output', copy)
    expect(await sha512(copy)).toBe(fixture('vdi').sha512)

    await demo.swift('copy', '--destination', '/sw-box/copies/tiny.vdi', 'sw-box', 'disks/tiny.vdi')
    expect(await demo.swift('list', 'sw-box')).toBe('copies/tiny.vdi\ndisks/tiny.vdi\n')
    expect(await demo.swift('list', 'sw-box', '--delimiter', '/')).toBe('copies/\ndisks/\n')

    await demo.swift('delete', 'sw-box')
    await expect(demo.swift('list', 'sw-box')).rejects.toThrow(/404|not found/i)
  })

  test('a container is not open to another project', async () => {
    await demo.swift('post', 'sw-own')
    await demo.swift('upload', 'sw-own', fixturePath('iso'), '--object-name', 'tiny.iso')
    await expect(alt.swift('list', 'sw-own')).rejects.toThrow(/404|not found/i)
    await demo.swift('delete', 'sw-own')
  })

  test('a container is shared, and many objects are deleted at once', async () => {
    for (const name of ['one', 'two', 'three'])
      await demo.swift('upload', 'sw-shared', fixturePath('iso'), '--object-name', name)
    await demo.swift('post', 'sw-shared', '-r', `${subject.alt.projectName}:*,.rlistings`, '-w', '*:nobody')
    const stat = await demo.swift('stat', 'sw-shared')
    expect(stat).toMatch(new RegExp(`Read ACL: ${subject.alt.projectName}:\\*,.rlistings`))
    const account = /Account: (\S+)/.exec(stat)?.[1] ?? ''
    const url = /StorageURL: (\S+)/.exec(await alt.swift('stat', '-v'))?.[1] ?? ''
    const storage = url.replace(/[^/]+$/, account)
    expect(await alt.swift('--os-storage-url', storage, 'list', 'sw-shared')).toBe('one\nthree\ntwo\n')
    await expect(alt.swift('--os-storage-url', storage, 'delete', 'sw-shared', 'one')).rejects.toThrow(/403|forbidden/i)
    expect((await demo.swift('delete', 'sw-shared', 'one', 'two')).split('\n').filter(Boolean).toSorted()).toEqual([
      'one',
      'two',
    ])
    await demo.swift('delete', 'sw-shared')
    expect((await demo.swift('list')).split('\n')).not.toContain('sw-shared')
  })

  test('a temporary URL is made, and needs no token', async () => {
    await demo.swift('upload', 'sw-temp', fixturePath('iso'), '--object-name', 'folder/tiny.iso')
    await demo.swift('post', 'sw-temp', '--header', 'X-Container-Meta-Temp-URL-Key: secret')
    const storage = new URL(/StorageURL: (\S+)/.exec(await demo.swift('stat', '-v'))?.[1] ?? '')
    const path = `${storage.pathname}/sw-temp/folder/tiny.iso`
    for (const options of [[], ['--digest', 'sha512'], ['--iso8601']]) {
      const signed = (await demo.swift('tempurl', ...options, 'GET', '600', path, 'secret')).trim()
      const answer = await fetch(storage.origin + signed)
      expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, fixture('iso').bytes])
    }
    const wrong = (await demo.swift('tempurl', 'GET', '600', path, 'other')).trim()
    expect((await fetch(storage.origin + wrong)).status).toBe(401)
    await demo.swift('delete', 'sw-temp')
  })

  test('an object is uploaded with an expiry', async () => {
    await demo.swift(
      'upload',
      'sw-expiring',
      fixturePath('iso'),
      '--object-name',
      'tiny.iso',
      '--header',
      'X-Delete-After: 600',
    )
    expect(await demo.swift('stat', 'sw-expiring', 'tiny.iso')).toMatch(/X-Delete-At: \d{10}/)
    await demo.swift('delete', 'sw-expiring')
  })

  test('what the service can do is told', async () => {
    expect(await demo.swift('info')).toContain('swift')
  })
})
