/** Valid requests to all three services, as a project member sends them. `own` and `foreign` hold ids. */
export function seedRequests(own, foreign) {
  const json = { 'Content-Type': 'application/json' }
  const patch = { 'Content-Type': 'application/openstack-images-v2.1-json-patch' }
  const bytes = { 'Content-Type': 'application/octet-stream' }
  const request = (method, target, headers = {}, body = '') => ({
    method,
    target,
    headers: Object.entries(headers),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const swift = (method, path, headers, body) =>
    request(method, `/object-store/v1/${own.account}${path}`, headers, body)
  const image = {
    name: 'fuzz',
    disk_format: 'raw',
    container_format: 'bare',
    visibility: 'private',
    tags: ['t'],
    note: 'n',
  }
  const user = { name: own.user, domain: { id: 'default' }, password: own.password }
  const login = (scope) => ({
    auth: { identity: { methods: ['password'], password: { user } }, ...(scope && { scope }) },
  })
  return [
    request(
      'POST',
      '/identity/v3/auth/tokens',
      json,
      login({ project: { name: own.project, domain: { name: 'Default' } } }),
    ),
    request('POST', '/identity/v3/auth/tokens?nocatalog', json, login()),
    request('POST', '/identity/v3/auth/tokens', json, {
      auth: { identity: { methods: ['token'], token: { id: own.token } }, scope: { project: { id: own.projectId } } },
    }),
    request('GET', '/identity/v3/auth/tokens', { 'X-Subject-Token': own.token }),
    ...['', '/v3', '/v3/auth/catalog', '/v3/auth/projects', '/v3/projects?name=a', `/v3/projects/${own.projectId}`]
      .concat(`/v3/users/${own.userId}`, '/v3/roles', '/v3/role_assignments?include_names=true', '/v3/domains')
      .map((path) => request('GET', `/identity${path}`)),
    request('GET', `/identity/v3/users/${own.userId}/application_credentials?name=x`),
    request('POST', `/identity/v3/users/${own.userId}/application_credentials`, json, {
      application_credential: { name: 'c', roles: [{ name: 'member' }], expires_at: '2099-01-01T00:00:00' },
    }),
    request('GET', '/image/v2/images?limit=3&sort=name:asc,created_at:desc&tag=t&name=in:fuzz,a&size_min=0'),
    request('GET', `/image/v2/images?marker=${own.image}&visibility=all&owner=${foreign.projectId}&member_status=all`),
    request('GET', `/image/v2/images?created_at=gte:2020-01-01T00:00:00Z&note=n&status=queued`),
    request('POST', '/image/v2/images', json, image),
    ...['', '/file', '/members', '/tags/t', '/actions/deactivate', '/tasks'].flatMap((path) =>
      [own.image, foreign.image].map((id) => request('GET', `/image/v2/images/${id}${path}`)),
    ),
    request('PATCH', `/image/v2/images/${own.image}`, patch, [
      { op: 'replace', path: '/name', value: 'b' },
      { op: 'add', path: '/a~1b', value: 'v' },
      { op: 'remove', path: '/a~1b' },
    ]),
    request('PATCH', `/image/v2/images/${foreign.image}`, patch, [
      { op: 'replace', path: '/visibility', value: 'public' },
    ]),
    request('PUT', `/image/v2/images/${own.queued}/file`, bytes, 'bytes of an image'),
    request('GET', `/image/v2/images/${own.image}/file`, { Range: 'bytes=1-3', Accept: '*/*' }),
    request('POST', `/image/v2/images/${own.image}/members`, json, { member: own.projectId }),
    request('PUT', `/image/v2/images/${foreign.image}/members/${own.projectId}`, json, { status: 'accepted' }),
    request('PUT', `/image/v2/images/${own.image}/tags/x`),
    request('DELETE', `/image/v2/images/${foreign.image}`),
    request('DELETE', `/image/v2/images/${own.queued}/tags/x`),
    ...['', '/v2', '/versions', '/v2/schemas/image', '/v2/schemas/members', '/v2/info/import', '/v2/info/stores'].map(
      (path) => request('GET', `/image${path}`, { Accept: 'text/html, application/json;q=0.5' }),
    ),
    swift('GET', '?format=json&limit=5&prefix=f&marker=a&end_marker=z'),
    swift('HEAD', ''),
    swift('POST', '', { 'X-Account-Meta-Colour': 'grün' }),
    swift('PUT', '/fuzz', { 'X-Container-Meta-A': '1', 'X-Container-Read': '.r:*' }),
    swift('GET', '/fuzz?delimiter=/&prefix=d/&reverse=true&format=json&path=d'),
    swift('POST', '/fuzz', { 'X-Remove-Container-Meta-A': 'x' }),
    swift(
      'PUT',
      '/fuzz/d/a%20b',
      { 'Content-Disposition': 'attachment; filename="ü"', 'X-Object-Meta-A': '☃' },
      'bytes',
    ),
    swift('GET', '/fuzz/o', { Range: 'bytes=0-1', 'If-None-Match': '"x"' }),
    swift('HEAD', '/fuzz/o'),
    swift('POST', '/fuzz/o', { 'X-Object-Meta-B': 'b', 'Content-Type': 'text/plain' }),
    swift('DELETE', '/fuzz/d/a%20b'),
    swift('COPY', '/fuzz/o', {
      Destination: 'fuzz/copy',
      'Destination-Account': own.account,
      'X-Fresh-Metadata': 'true',
    }),
    swift('PUT', '/fuzz/copy2', { 'X-Copy-From': '/fuzz/o', 'X-Copy-From-Account': own.account }),
    swift('COPY', '/fuzz/o', { Destination: 'vault/o', 'Destination-Account': foreign.account }),
    swift('PUT', '/fuzz/copy3', { 'X-Copy-From': '/vault/secret', 'X-Copy-From-Account': foreign.account }),
    swift('PUT', '/fuzz/dlo', { 'X-Object-Manifest': 'fuzz/d' }),
    swift('PUT', '/fuzz/dlo2', { 'X-Object-Manifest': '..%2F..%2Fvault/' }),
    swift('GET', '/fuzz/dlo'),
    swift('PUT', '/fuzz/slo?multipart-manifest=put&heartbeat=on', json, [
      { path: '/fuzz/o', etag: null, size_bytes: 1, range: '0-0' },
      { data: 'QUJD' },
      { path: '/vault/secret' },
    ]),
    swift('GET', '/fuzz/slo?multipart-manifest=get&format=raw'),
    swift('GET', '/fuzz/slo?part-number=1'),
    swift('DELETE', '/fuzz/slo?multipart-manifest=delete', { Accept: 'application/json' }),
    request('GET', `/object-store/v1/${foreign.account}/vault/secret`),
    request('GET', `/object-store/v1/${foreign.account}?format=json`),
    request('PUT', `/object-store/v1/${foreign.account}/vault/secret`, {}, 'overwritten'),
    request('GET', '/info'),
    request('GET', '/object-store/info'),
    request('GET', '/'),
  ]
}
