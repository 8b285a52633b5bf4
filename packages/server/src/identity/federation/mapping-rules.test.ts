import { expect, test } from 'vitest'
import { mapClaims, type MappingRule, type RemoteCondition } from './mapping-rules.js'

const claims = { sub: 'id-1', preferred_username: 'ada', groups: ['dev', 'ops', 'secret'], verified: true }
const named: MappingRule = { remote: [{ type: 'OIDC-preferred_username' }], local: [{ user: { name: '{0}' } }] }
const when = (condition: RemoteCondition): MappingRule[] => [{ ...named, remote: [...named.remote, condition] }]

test('claims are named as mod_auth_openidc names them, in both ways', () => {
  for (const type of ['OIDC-preferred_username', 'HTTP_OIDC_PREFERRED_USERNAME', 'preferred_username']) {
    expect(mapClaims([{ ...named, remote: [{ type }] }], claims)?.name).toBe('ada')
  }
  expect(mapClaims([{ ...named, remote: [{ type: 'OIDC-email' }] }], claims)).toBeUndefined()
})

test.each<[RemoteCondition, boolean]>([
  [{ type: 'OIDC-groups', any_one_of: ['ops', 'x'] }, true],
  [{ type: 'OIDC-groups', any_one_of: ['op'] }, false],
  [{ type: 'OIDC-groups', any_one_of: ['^op'], regex: true }, true],
  [{ type: 'OIDC-groups', not_any_of: ['ops'] }, false],
  [{ type: 'OIDC-groups', not_any_of: ['op'] }, true],
  [{ type: 'OIDC-verified', any_one_of: ['true'] }, true],
])('a rule with %j holds: %s', (condition, holds) => {
  expect(mapClaims(when(condition), claims) !== undefined).toBe(holds)
})

test('a claim with several values becomes groups, without those that the rule leaves out', () => {
  const groups = (condition: object) =>
    mapClaims(
      [{ remote: [{ type: 'OIDC-groups', ...condition }], local: [{ groups: '{0}' }, { group: { name: 'all' } }] }],
      claims,
    )?.groups
  expect(groups({})).toEqual(['dev', 'ops', 'secret', 'all'])
  expect(groups({ blacklist: ['secret'] })).toEqual(['dev', 'ops', 'all'])
  expect(groups({ whitelist: ['dev', 'x'] })).toEqual(['dev', 'all'])
})

test('the parts of all rules that hold count, and the first user', () => {
  const rules: MappingRule[] = [
    { remote: [{ type: 'OIDC-email' }], local: [{ user: { name: 'by-mail' } }] },
    named,
    { remote: [{ type: 'OIDC-sub' }], local: [{ user: { name: 'later' }, group: { id: 'g-{0}' } }] },
  ]
  expect(mapClaims(rules, claims)).toMatchObject({ name: 'ada', groups: ['g-id-1'], isLocal: false })
})
