import { expect, test } from 'vitest'
import { connect } from '../node/connect.js'
import { sendJson } from '../testing/http-server.js'
import { scriptedCloud, type CloudScript } from '../testing/scripted-cloud.js'

const demo = { id: 'p1', name: 'demo', domain_id: 'default' }
const twins = [
  { id: 'p2', name: 'twin', domain_id: 'a' },
  { id: 'p3', name: 'twin', domain_id: 'b' },
]

/** `admin` may list all projects; other users only their own. */
function projects(admin: boolean): CloudScript {
  return {
    identity: (request, response) => {
      const url = new URL(request.url ?? '', 'http://h')
      if (!url.pathname.includes('/projects')) return false
      const name = url.searchParams.get('name')
      if (url.pathname === '/identity/v3/auth/projects') sendJson(response, 200, { projects: [demo] })
      else if (!admin) sendJson(response, 403, { error: { code: 403, message: 'no', title: 'Forbidden' } })
      else if (name !== null)
        sendJson(response, 200, { projects: [demo, ...twins].filter((project) => project.name === name) })
      else if (url.pathname.endsWith('/p1')) sendJson(response, 200, { project: demo })
      else sendJson(response, 404, { error: { code: 404, message: 'no', title: 'Not Found' } })
      return true
    },
  }
}

test.each([true, false])('a project is found by id and by name (administrator: %s)', async (admin) => {
  await using server = await scriptedCloud(projects(admin))
  await using cloud = await connect({ auth: server.auth })
  expect(await cloud.identity.findProject('p1')).toEqual({ id: 'p1', name: 'demo', domainId: 'default' })
  expect(await cloud.identity.findProject('demo')).toEqual({ id: 'p1', name: 'demo', domainId: 'default' })
  await expect(cloud.identity.findProject('nope')).rejects.toMatchObject({ name: 'NoMatchError' })
})

test('a name that two projects have is an error with both', async () => {
  await using server = await scriptedCloud(projects(true))
  await using cloud = await connect({ auth: server.auth })
  await expect(cloud.identity.findProject('twin')).rejects.toMatchObject({
    name: 'NoUniqueMatch',
    candidates: [{ id: 'p2' }, { id: 'p3' }],
  })
})
