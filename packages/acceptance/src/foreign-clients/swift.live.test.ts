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

  test('what the service can do is told', async () => {
    expect(await demo.swift('info')).toContain('swift')
  })
})
