/** Returns a token for the user's own project, and the ids that name the user in requests. */
export async function signIn(authUrl, name) {
  const user = { name, domain: { id: 'default' }, password: `${name}-password` }
  const scope = { project: { name, domain: { id: 'default' } } }
  const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } })
  const response = await fetch(`${authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  const { token } = await response.json()
  const projectId = token.project.id
  return {
    user: name,
    password: `${name}-password`,
    project: name,
    token: response.headers.get('x-subject-token'),
    projectId,
    userId: token.user.id,
    account: `AUTH_${projectId}`,
  }
}

const caller =
  (url, { token }) =>
  async (method, path, body, headers) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'x-auth-token': token, ...headers },
      ...(body && { body }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }

async function createImage(call, fields) {
  const body = JSON.stringify({ disk_format: 'raw', container_format: 'bare', visibility: 'private', ...fields })
  const response = await call('POST', '/image/v2/images', body, { 'content-type': 'application/json' })
  return (await response.json()).id
}

const octets = { 'content-type': 'application/octet-stream' }

/** Stores the secret wherever text or bytes are kept; only the user's own project may see it. */
export async function plant(url, bob, secret) {
  const call = caller(url, bob)
  const image = await createImage(call, { name: secret, note: secret, tags: [secret] })
  await call('PUT', `/image/v2/images/${image}/file`, secret, octets)
  const swift = `/object-store/v1/${bob.account}`
  const meta = (kind) => ({ [`x-${kind}-meta-note`]: secret })
  await call('POST', swift, undefined, meta('account'))
  await call('PUT', `${swift}/vault`, undefined, meta('container'))
  await call('PUT', `${swift}/vault/secret`, secret, { ...octets, ...meta('object') })
  await call('PUT', `${swift}/vault/${secret}`, 'x')
  const credential = { application_credential: { name: secret, description: secret } }
  await call('POST', `/identity/v3/users/${bob.userId}/application_credentials`, JSON.stringify(credential), {
    'content-type': 'application/json',
  })
  return { ...bob, image }
}

/** Creates the resources that requests refer to. */
export async function prepare(url, alice) {
  const call = caller(url, alice)
  const image = await createImage(call, { name: 'own' })
  await call('PUT', `/image/v2/images/${image}/file`, 'some bytes', octets)
  const swift = `/object-store/v1/${alice.account}`
  await call('PUT', `${swift}/fuzz`)
  await call('PUT', `${swift}/fuzz/o`, 'bytes', octets)
  return { image, queued: await createImage(call, { name: 'queued' }) }
}
