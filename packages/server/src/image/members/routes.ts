import { imageLimits } from '@tyrax/protocol'
import { respond, respondJson } from '../../http/respond.js'
import { invalid } from '../errors.js'
import { jsonBody, refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import { requireStorable } from '../images/fields/storable-text.js'
import type { ImageParts } from '../parts.js'
import { createMemberService } from './member-service.js'
import { toWireMember } from './member-wire.js'

/** `/v2/images/{id}/members` (glance/api/v2/image_members.py). A create responds with 200. */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const members = createMemberService(parts)
  mount('/images/:id/members', {
    GET: async (c) => {
      refuseBody(c)
      const found = members.list(c.get('caller'), c.req.param('id') ?? '')
      return respondJson(c, { members: found.map(toWireMember), schema: '/v2/schemas/members' })
    },
    POST: async (c) => {
      const body = await jsonBody(c)
      return respondJson(c, toWireMember(members.add(c.get('caller'), c.req.param('id') ?? '', readMember(body))))
    },
  })
  mount('/images/:id/members/:member', {
    GET: async (c) => {
      refuseBody(c)
      return respondJson(
        c,
        toWireMember(members.get(c.get('caller'), c.req.param('id') ?? '', c.req.param('member') ?? '')),
      )
    },
    PUT: async (c) => {
      const status = readStatus(await jsonBody(c))
      const { id = '', member = '' } = c.req.param()
      return respondJson(c, toWireMember(members.setStatus(c.get('caller'), id, member, status)))
    },
    DELETE: async (c) => {
      refuseBody(c)
      members.remove(c.get('caller'), c.req.param('id') ?? '', c.req.param('member') ?? '')
      return respond(c, 204)
    },
  })
}

function readMember(body: unknown): string {
  const example = 'Expected a member in the form: {"member": "image_id"}'
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid(example)
  if (!('member' in body)) throw invalid('Member to be added not specified')
  if (body.member === '' || body.member === null) throw invalid(`Member can't be empty`)
  if (typeof body.member !== 'string') throw invalid(example)
  if (body.member.length > imageLimits.memberLength) throw invalid(`Member is longer than ${imageLimits.memberLength}`)
  requireStorable(body.member)
  return body.member
}

function readStatus(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid('Expected a status in the form: {"status": "status"}')
  }
  if (!('status' in body)) throw invalid('Status not specified')
  return body.status
}
