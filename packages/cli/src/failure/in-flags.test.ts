import { expect, test } from 'vitest'
import { inFlags } from './in-flags.js'

test.each([
  ['replace it with overwrite: true (--force)', 'replace it with --force'],
  ["set visibility: 'shared' (--visibility shared) first", 'set --visibility shared first'],
  ['choose one with cloud (--os-cloud) or OS_CLOUD: a, b', 'choose one with --os-cloud or OS_CLOUD: a, b'],
  ['declare the right size (--size), or none', 'declare the right --size, or none'],
  ['segmentSizeBytes (--segment-size) is 3', '--segment-size is 3'],
  ['the auth option has no username', 'the command line has no username'],
  ['set auth.username', 'set --os-username'],
  ['set auth.password', 'set OS_PASSWORD or --password-stdin'],
  ['set auth.token', 'set OS_TOKEN'],
  ['set auth.authMethods', 'set --os-auth-methods'],
  ['set auth.clientSecret', 'set OS_CLIENT_SECRET or --password-stdin'],
  ['the argument auth.authUrl has quotes around it', '--os-auth-url has quotes around it'],
  ['the argument region ends with', '--os-region-name ends with'],
  ['the argument insecure', '--insecure'],
  ['set clouds.demo.auth.password in /a/clouds.yaml', 'set clouds.demo.auth.password in /a/clouds.yaml'],
  ['auth.nothing of the kind', 'auth.nothing of the kind'],
  ['a (b) c --d', 'a (b) c --d'],
])('%s', (text, shown) => {
  expect(inFlags(text)).toBe(shown)
})
