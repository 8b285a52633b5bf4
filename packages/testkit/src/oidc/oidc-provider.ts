import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listening } from '../network/listening.js'
import { fresh, type DeviceRequest, type OidcClient, type OidcUser } from './known.js'
import { grants, refuse, type ProviderState, type Reply } from './token-grants.js'

export interface OidcProviderOptions {
  readonly users?: readonly OidcUser[]
  readonly clients?: readonly OidcClient[]
  /** How long its tokens last. @default 300 */
  readonly lifeSeconds?: number
  /** Seconds between polls of a device. @default 0.02 */
  readonly pollSeconds?: number
}

/** A small OpenID Connect provider on this machine, for tests: discovery, five grants, introspection, userinfo. */
export interface OidcProvider extends AsyncDisposable {
  readonly issuer: string
  readonly discoveryUrl: string
  /** The requests so far: `POST /token password`, `GET /userinfo`. */
  readonly requests: string[]
  /** Who is signed in in the browser that opens the authorization page. */
  person: string | undefined
  /** Called with the code of each device that begins to wait. */
  onDevice: ((userCode: string) => void) | undefined
  /** What becomes of the device with this user code. */
  enter(userCode: string, state: DeviceRequest['state']): void
  /** Answers the next polls of this device with slow_down. */
  slowDown(userCode: string, polls: number): void
  /** Ends all access tokens; with `refresh`, the refresh tokens as well. */
  endTokens(refresh?: boolean): void
}

const device = '/device_authorization'

export async function startOidcProvider(options: OidcProviderOptions = {}): Promise<OidcProvider> {
  const state: ProviderState = {
    users: options.users ?? [{ username: 'ada', password: 'a-password' }],
    clients: options.clients ?? [{ id: 'tyrax', secret: 's3cret+/=' }, { id: 'public' }],
    accessTokens: new Map(),
    refreshTokens: new Map(),
    codes: new Map(),
    devices: new Map(),
    lifeSeconds: options.lifeSeconds ?? 300,
  }
  const userCodes = new Map<string, DeviceRequest>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  const started = await listening(server)
  const issuer = `http://127.0.0.1:${started.port}`
  const provider: OidcProvider = {
    issuer,
    discoveryUrl: `${issuer}/.well-known/openid-configuration`,
    requests,
    person: state.users[0]?.username,
    onDevice: undefined,
    enter(userCode, entered) {
      const found = userCodes.get(userCode)
      if (found === undefined) throw new Error(`no device has the code ${userCode}`)
      found.state = entered
    },
    slowDown(userCode, polls) {
      const found = userCodes.get(userCode)
      if (found) found.slowDowns = polls
    },
    endTokens(refresh = false) {
      state.accessTokens.clear()
      if (refresh) state.refreshTokens.clear()
    },
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer)
    const form = new URLSearchParams(await textOf(request))
    requests.push([request.method, url.pathname, form.get('grant_type')].filter(Boolean).join(' '))
    if (url.pathname === '/authorize') return authorize(url.searchParams, response)
    const { status, body } = reply(url.pathname, request, form)
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  }

  function reply(path: string, request: IncomingMessage, form: URLSearchParams): Reply {
    if (path === '/.well-known/openid-configuration') return { status: 200, body: document(issuer) }
    if (path === '/userinfo') return userInfo(request.headers.authorization ?? '')
    const client = clientOf(request, form)
    if (client === undefined) return refuse('invalid_client', 401)
    if (path === '/introspect') return introspect(form.get('token') ?? '')
    if (path === device) return startDevice(client, form)
    const grant = path === '/token' ? grants[form.get('grant_type') ?? ''] : undefined
    return grant ? grant(state, client, form) : refuse('unsupported_grant_type')
  }

  function clientOf({ headers }: IncomingMessage, form: URLSearchParams): OidcClient | undefined {
    const [, encoded] = /^Basic (.*)$/.exec(headers.authorization ?? '') ?? []
    const [id, secret] =
      encoded === undefined
        ? [form.get('client_id') ?? undefined, form.get('client_secret') ?? undefined]
        : Buffer.from(encoded, 'base64').toString().split(':').map(decodeURIComponent)
    return state.clients.find((client) => client.id === id && client.secret === secret)
  }

  function startDevice(client: OidcClient, form: URLSearchParams): Reply {
    const [deviceCode, userCode] = [fresh(), fresh().slice(0, 8)]
    const asked: DeviceRequest = {
      clientId: client.id,
      scope: form.get('scope') ?? '',
      challenge: challengeIn(form),
      state: 'pending',
      slowDowns: 0,
    }
    state.devices.set(deviceCode, asked)
    userCodes.set(userCode, asked)
    provider.onDevice?.(userCode)
    const page = `${issuer}/device`
    return {
      status: 200,
      body: {
        device_code: deviceCode,
        user_code: userCode,
        verification_uri: page,
        verification_uri_complete: `${page}?code=${userCode}`,
        expires_in: 600,
        interval: options.pollSeconds ?? 0.02,
      },
    }
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const { person } = provider
    const back = query.get('redirect_uri')
    if (back === null || person === undefined) return void response.writeHead(400).end('no user is signed in')
    const code = fresh()
    state.codes.set(code, {
      clientId: query.get('client_id') ?? '',
      username: person,
      scope: query.get('scope') ?? '',
      expiresAt: Date.now() + 60_000,
      challenge: challengeIn(query),
      redirectUri: back,
    })
    const target = new URL(back)
    target.searchParams.set('code', code)
    target.searchParams.set('state', query.get('state') ?? '')
    response.writeHead(302, { location: target.href }).end()
  }

  function userInfo(authorization: string): Reply {
    const issued = state.accessTokens.get(authorization.replace(/^Bearer /, ''))
    const user = state.users.find(({ username }) => username === issued?.username)
    if (issued === undefined || user === undefined) return refuse('invalid_token', 401)
    const { username, claims } = user
    return { status: 200, body: { sub: `id-of-${username}`, preferred_username: username, ...claims } }
  }

  function introspect(token: string): Reply {
    const issued = state.accessTokens.get(token)
    if (issued === undefined || issued.expiresAt <= Date.now()) return { status: 200, body: { active: false } }
    const { clientId, username, scope } = issued
    const sub = username === undefined ? clientId : `id-of-${username}`
    return { status: 200, body: { active: true, client_id: clientId, sub, scope, iss: issuer } }
  }

  return provider
}

function document(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    introspection_endpoint: `${issuer}/introspect`,
    device_authorization_endpoint: `${issuer}${device}`,
    grant_types_supported: Object.keys(grants),
    code_challenge_methods_supported: ['S256', 'plain'],
  }
}

function challengeIn(fields: URLSearchParams): DeviceRequest['challenge'] {
  const value = fields.get('code_challenge')
  return value === null ? undefined : { method: fields.get('code_challenge_method') ?? 'plain', value }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
