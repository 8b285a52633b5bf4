/** A completely read response. */
export interface CallAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; undefined when there is none. */
  readonly body: unknown
}

export interface CallOptions {
  readonly token?: string | undefined
  readonly json?: unknown
  /** Sent as application/octet-stream. */
  readonly data?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Sends one request and reads its response. */
export async function call(method: string, url: string, options: CallOptions = {}): Promise<CallAnswer> {
  const { token, json, data } = options
  const body = json === undefined ? data : JSON.stringify(json)
  const answer = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(token !== undefined && { 'x-auth-token': token }),
      ...(body !== undefined && {
        'content-type': json === undefined ? 'application/octet-stream' : 'application/json',
      }),
      ...options.headers,
    },
    ...(body !== undefined && { body }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') === true && text !== ''
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined }
}

/** Logs in with the password `secret`. @throws when the login is refused */
export async function login(
  authUrl: string,
  name: string,
  project = name,
): Promise<{ token: string; projectId: string }> {
  const domain = { id: 'default' }
  const answer = await call('POST', `${authUrl}/auth/tokens`, {
    json: {
      auth: {
        identity: { methods: ['password'], password: { user: { name, domain, password: 'secret' } } },
        scope: { project: { name: project, domain } },
      },
    },
  })
  if (answer.status !== 201) throw new Error(`no token: ${answer.status} ${answer.text}`)
  const { token } = answer.body as { token: { project: { id: string } } }
  return { token: answer.headers.get('x-subject-token') ?? '', projectId: token.project.id }
}
