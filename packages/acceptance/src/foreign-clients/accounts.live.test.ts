import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixturePath, runCommand } from '@tyrax/testkit'
import { type Clients, clientsOf } from './clients.js'
import { type Subject, subjects } from './subject.js'

/** Keystone counts in whole seconds: what is issued in the second of a change of the password ends with it. */
const nextSecond = () => sleep(1010 - (Date.now() % 1000))

// What test programs such as tempest and rally do first: they make accounts, work as them, and remove everything.
describe.each(subjects)('clients make accounts on $name', ({ start }) => {
  let subject: Subject
  let admin: Clients

  beforeAll(async () => {
    subject = await start()
    admin = clientsOf(subject, subject.admin)
  })
  afterAll(() => subject.close())

  const go = spawnSync('go', ['version']).status === 0
  const password = 'a-password'

  test('openstack makes a project and a user that works there, and removes both', async () => {
    const name = `accounts-${randomUUID()}`
    interface Account {
      readonly id: string
      readonly name: string
      readonly enabled: boolean
      readonly description: string
      readonly email: string
    }
    const make = (kind: string, ...options: string[]) => admin.openstackJson<Account>(kind, 'create', name, ...options)
    const project = await make('project', '--description', 'made by openstack')
    expect(project).toMatchObject({ name, enabled: true, description: 'made by openstack' })
    const user = await make('user', '--project', project.id, '--password', password, '--email', 'someone@example.org')
    expect(user).toMatchObject({ name, enabled: true, email: 'someone@example.org' })
    const role = await make('role')

    await admin.openstack('role', 'add', '--user', name, '--project', name, 'member')
    await admin.openstack('role', 'add', '--user', name, '--project', name, name)
    const assigned = await admin.openstackJson<{ Role: string; User: string; Project: string }[]>(
      'role',
      'assignment',
      'list',
      '--user',
      name,
      '--project',
      name,
      '--names',
    )
    const shared = { User: `${name}@Default`, Project: `${name}@Default` }
    expect(assigned.map(({ Role }) => Role).toSorted()).toEqual([name, 'member'].toSorted())
    expect(assigned).toMatchObject([shared, shared])
    const effective = await admin.openstackJson<{ Role: string }[]>(
      'role',
      'assignment',
      'list',
      '--user',
      name,
      '--effective',
      '--names',
    )
    expect(effective.map(({ Role }) => Role)).toEqual(expect.arrayContaining([name, 'member', 'reader']))

    const account = {
      OS_USERNAME: name,
      OS_PASSWORD: password,
      OS_PROJECT_NAME: name,
      OS_PROJECT_DOMAIN_NAME: 'Default',
    }
    const own = admin.openstackAs(account)
    const token = JSON.parse(await own('token', 'issue', '-f', 'json')) as { project_id: string; user_id: string }
    expect(token).toMatchObject({ project_id: project.id, user_id: user.id })
    await own('image', 'create', name, '--file', fixturePath('qcow2'), '--disk-format', 'qcow2')
    await own('container', 'create', name)
    const images = JSON.parse(await own('image', 'list', '--name', name, '-f', 'json')) as { Name: string }[]
    expect(images).toMatchObject([{ Name: name }])

    await admin.openstack('user', 'set', '--password', 'another', '--email', 'other@example.org', name)
    await expect(own('token', 'issue')).rejects.toThrow(/401|requires authentication/)
    await nextSecond()
    const changed = admin.openstackAs({ ...account, OS_PASSWORD: 'another' })
    await changed('user', 'password', 'set', '--original-password', 'another', '--password', 'third')
    await nextSecond()
    const third = admin.openstackAs({ ...account, OS_PASSWORD: 'third' })
    await third('image', 'delete', name)
    await third('container', 'delete', name)

    await admin.openstack('role', 'remove', '--user', name, '--project', name, name)
    await admin.openstack('role', 'remove', '--user', name, '--project', name, 'member')
    await expect(third('token', 'issue')).rejects.toThrow(/401|requires authentication/)
    await admin.openstack('user', 'set', '--disable', name)
    expect(await admin.openstackJson<Account>('user', 'show', name)).toMatchObject({ id: user.id, enabled: false })
    await admin.openstack('user', 'delete', name)
    await admin.openstack('project', 'set', '--name', `${name}-2`, '--tag', 'blue', name)
    await admin.openstack('project', 'delete', `${name}-2`)
    await admin.openstack('role', 'delete', role.id)
    await expect(admin.openstack('user', 'show', name)).rejects.toThrow(/No user/i)
    await expect(admin.openstack('role', 'delete', 'reader')).rejects.toThrow(/immutable|403/)
  })

  test('openstack issues a token for the system to a user with a role there', async () => {
    const name = `accounts-${randomUUID()}`
    await admin.openstack('user', 'create', name, '--password', password)
    const own = admin.openstackAs({ OS_USERNAME: name, OS_PASSWORD: password, OS_SYSTEM_SCOPE: 'all' })
    await expect(own('token', 'issue')).rejects.toThrow(/401|requires authentication/)
    await admin.openstack('role', 'add', '--user', name, '--system', 'all', 'reader')
    const token = JSON.parse(await own('token', 'issue', '-f', 'json')) as object
    expect(token).toMatchObject({ system: 'all' })
    const users = JSON.parse(await own('user', 'list', '-f', 'json')) as { Name: string }[]
    expect(users.map(({ Name }) => Name)).toContain(name)
    expect(await admin.openstack('implied', 'role', 'list', '-f', 'value')).toMatch(/admin .* manager/)
    await admin.openstack('role', 'remove', '--user', name, '--system', 'all', 'reader')
    await admin.openstack('user', 'delete', name)
  })

  test('openstacksdk makes accounts, works as them, and removes them', async () => {
    const script = fileURLToPath(new URL('accounts.py', import.meta.url))
    expect(await admin.python(script, subject.admin.cloud, fixturePath('qcow2'))).toBe('done\n')
  })

  test.runIf(go)('gophercloud makes accounts, works as them, and removes them', async () => {
    const source = fileURLToPath(new URL('gophercloud', import.meta.url))
    const program = path.join(subject.folder, 'gophercloud-accounts')
    await runCommand('go', ['build', '-o', program, './accounts'], { cwd: source, timeoutSeconds: 240 })
    const env = { PATH: process.env['PATH'], HOME: subject.folder, OS_CLIENT_CONFIG_FILE: subject.cloudsYaml }
    expect(await runCommand(program, [subject.admin.cloud, subject.authUrl, fixturePath('qcow2')], { env })).toBe(
      'done\n',
    )
  })
})
