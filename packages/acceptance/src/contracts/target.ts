import { exchange, type Answer, type WireRequest } from './wire.js'

/** The caller: name, password and project of one user. */
export interface Credentials {
  readonly username: string
  readonly password: string
  readonly projectName: string
}

/** One user of the cloud under test, with a token scoped to its project. */
export interface Account extends Credentials {
  readonly projectId: string
  readonly userId: string
  readonly token: string
  /** A call to Keystone; `path` is below `/v3`. */
  identity(method: string, path: string, request?: WireRequest): Promise<Answer>
  /** A call to Glance with this token; `path` begins with `/v2`, or is `/` or `/versions`. */
  image(method: string, path: string, request?: WireRequest): Promise<Answer>
  /** A call to Swift with this token; `path` is below the project's account. */
  object(method: string, path: string, request?: WireRequest): Promise<Answer>
}

/** A cloud that a contract suite runs against. */
export interface ContractTarget {
  readonly name: string
  /** Whether it is the real services rather than the embedded ones. */
  readonly isReal: boolean
  /** With `/v3`, without a trailing slash. */
  readonly authUrl: string
  /** A user with the role member in its own project. */
  readonly demo: Account
  /** The same in another project. */
  readonly alt: Account
  readonly admin: Account
  /** The role reader in demo's project. */
  readonly reader: Account
  /** The roles member and service in demo's project, as Nova has them. */
  readonly service: Account
  /** Creates another token for a user, for tests that revoke it. */
  login(credentials: Credentials): Promise<Account>
  close(): Promise<void>
}

/** The body that requests a project-scoped token from Keystone by password. */
export function passwordLogin({ username, password, projectName }: Credentials): Record<string, unknown> {
  const domain = { id: 'default' }
  return {
    auth: {
      identity: { methods: ['password'], password: { user: { name: username, domain, password } } },
      scope: { project: { name: projectName, domain } },
    },
  }
}

interface TokenBody {
  token: {
    project: { id: string }
    user: { id: string }
    catalog: { type: string; endpoints: { interface: string; url: string }[] }[]
  }
}

/** Logs a user in by password and finds the services in the catalogue. */
export async function login(authUrl: string, credentials: Credentials): Promise<Account> {
  const answer = await exchange('POST', `${authUrl}/auth/tokens`, { json: passwordLogin(credentials) })
  const token = answer.headers['x-subject-token']
  if (answer.status !== 201 || token === undefined) {
    throw new Error(`${credentials.username} cannot log in at ${authUrl}: ${answer.status} ${answer.text}`)
  }
  const body = answer.json<TokenBody>().token
  const endpoint = (type: string) => {
    const service = body.catalog.find((each) => each.type === type)
    const url = service?.endpoints.find((each) => each.interface === 'public')?.url
    if (url === undefined) throw new Error(`the catalogue of ${authUrl} has no public endpoint of type ${type}`)
    return url.replace(/\/(v2\/?)?$/, '')
  }
  const caller =
    (root: string) =>
    (method: string, path: string, request: WireRequest = {}) =>
      exchange(method, root + path, { ...request, headers: { 'x-auth-token': token, ...request.headers } })
  return {
    ...credentials,
    projectId: body.project.id,
    userId: body.user.id,
    token,
    identity: caller(authUrl),
    image: caller(endpoint('image')),
    object: caller(endpoint('object-store')),
  }
}
