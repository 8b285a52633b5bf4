import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixturePath } from '@tyrax/testkit'
import { clientsOf } from './clients.js'
import { type Subject, subjects } from './subject.js'

describe.each(subjects)('openstacksdk works on $name', ({ start }) => {
  let subject: Subject

  beforeAll(async () => {
    subject = await start()
  })
  afterAll(() => subject.close())

  test('a script manages images, members and objects', async () => {
    const script = fileURLToPath(new URL('openstacksdk.py', import.meta.url))
    const { python } = clientsOf(subject, subject.demo)
    expect(await python(script, subject.demo.cloud, subject.alt.cloud, fixturePath('qcow2'))).toBe('done\n')
  })
})
