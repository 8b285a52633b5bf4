import { startCloud } from '../../index.js'

/** A completely read response. */
interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON. */
  readonly body: Record<string, unknown>
}

interface Call {
  readonly json?: unknown
  readonly data?: Uint8Array | string | ReadableStream<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
}

/** One user of the cloud, with a token and calls below `/image`. */
interface User {
  readonly projectId: string
  readonly token: string
  call(method: string, path: string, call?: Call): Promise<Answer>
  /** Creates an image and returns its id. */
  create(fields?: Record<string, unknown>): Promise<string>
  /** Sends an image's data. */
  upload(id: string, data: Call['data'], headers?: Record<string, string>): Promise<Answer>
  read(id: string): Promise<Record<string, unknown>>
}

export interface ImageCloud {
  readonly url: string
  readonly demo: User
  readonly alt: User
  readonly reader: User
  readonly admin: User
  close(): Promise<void>
}

const users = [
  { name: 'demo', project: 'demo', roles: ['member'] },
  { name: 'alt', project: 'alt', roles: ['member'] },
  { name: 'reader', project: 'demo', roles: ['reader'] },
  { name: 'admin', project: 'admin', roles: ['admin'] },
] as const
type UserName = (typeof users)[number]['name']

type StartOptions = NonNullable<Parameters<typeof startCloud>[0]>
type ImageOptions = NonNullable<NonNullable<StartOptions['config']>['image']>

/** Starts an embedded cloud on a free port, with two projects and every role. */
export async function startImageCloud(image: ImageOptions = {}, data?: string): Promise<ImageCloud> {
  const cloud = await startCloud({
    port: 0,
    config: { users: users.map((user) => ({ ...user, roles: [...user.roles], password: 'secret' })), image },
    ...(data !== undefined && { data }),
  })
  const url = cloud.authUrl.replace(/\/identity.*$/, '/image')
  const login = async (name: UserName) => userOf(url, await logIn(cloud.authUrl, name))
  return {
    url,
    demo: await login('demo'),
    alt: await login('alt'),
    reader: await login('reader'),
    admin: await login('admin'),
    close: () => cloud.close(),
  }
}

async function logIn(authUrl: string, name: UserName): Promise<{ token: string; projectId: string }> {
  const domain = { id: 'default' }
  const project = users.find((user) => user.name === name)?.project
  const response = await fetch(`${authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user: { name, domain, password: 'secret' } } },
        scope: { project: { name: project, domain } },
      },
    }),
  })
  const body = (await response.json()) as { token: { project: { id: string } } }
  return { token: response.headers.get('x-subject-token') ?? '', projectId: body.token.project.id }
}

function userOf(url: string, { token, projectId }: { token: string; projectId: string }): User {
  const call: User['call'] = async (method, path, { json, data, headers = {} } = {}) => {
    const body = json === undefined ? data : JSON.stringify(json)
    const response = await fetch(url + path, {
      method,
      headers: {
        'x-auth-token': token,
        accept: 'application/json',
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body, duplex: 'half' }),
    } as RequestInit)
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      get body() {
        return JSON.parse(text) as Record<string, unknown>
      },
    }
  }
  return {
    projectId,
    token,
    call,
    async create(fields = {}) {
      const made = await call('POST', '/v2/images', {
        json: { disk_format: 'raw', container_format: 'bare', ...fields },
      })
      return String(made.body['id'])
    },
    upload: (id, data = '', headers = {}) =>
      call('PUT', `/v2/images/${id}/file`, {
        data,
        headers: { 'content-type': 'application/octet-stream', ...headers },
      }),
    read: async (id) => (await call('GET', `/v2/images/${id}`)).body,
  }
}
