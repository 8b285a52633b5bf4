import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AuthOptions } from '../config/connect-options.js'
import { readText, scriptedServer, sendJson, type ScriptedServer } from './http-server.js'

/** A Keystone that takes `demo`/`secret`, and whatever other services the test scripts. */
export interface ScriptedCloud extends ScriptedServer {
  readonly auth: AuthOptions & { authUrl: string }
  /** The bodies of all logins. */
  readonly logins: unknown[]
  /** Tokens issued so far: `token-1`, `token-2`, …. */
  readonly tokens: string[]
}

export interface CloudScript {
  /** Handles requests outside `/identity`. */
  readonly service?: (request: IncomingMessage, response: ServerResponse) => void
  /** Replaces fields of the token. */
  readonly token?: (count: number) => Record<string, unknown>
  /** Runs before everything else of `/identity`; true: it has responded. */
  readonly identity?: (request: IncomingMessage, response: ServerResponse, body: string) => boolean
  readonly headers?: Record<string, string>
}

export async function scriptedCloud(script: CloudScript = {}): Promise<ScriptedCloud> {
  const logins: unknown[] = []
  const tokens: string[] = []
  const server = await scriptedServer((request, response) => {
    if (!request.url?.startsWith('/identity')) {
      if (script.service) script.service(request, response)
      else response.writeHead(404).end()
      return
    }
    const answer = (body: string): void => {
      if (script.identity?.(request, response, body)) return
      if (request.url !== '/identity/v3/auth/tokens') {
        response.writeHead(404).end('no such route')
        return
      }
      if (request.method === 'POST') {
        const login: unknown = JSON.parse(body)
        logins.push(login)
        if (body.includes('"password":"wrong"')) {
          sendJson(response, 401, {
            error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
          })
          return
        }
        tokens.push(`token-${tokens.length + 1}`)
      }
      const subject = request.method === 'POST' ? `token-${tokens.length}` : String(request.headers['x-subject-token'])
      sendJson(
        response,
        request.method === 'POST' ? 201 : 200,
        { token: tokenBody(server.url, script, tokens.length) },
        {
          'x-subject-token': subject,
          ...script.headers,
        },
      )
    }
    void readText(request).then(answer)
  })
  const auth = { authUrl: `${server.url}/identity`, username: 'demo', password: 'secret', projectName: 'demo' }
  return Object.assign(server, { auth, logins, tokens })
}

function tokenBody(url: string, script: CloudScript, count: number): Record<string, unknown> {
  const endpoint = (interfaceName: string, region: string, path: string) => ({
    interface: interfaceName,
    region,
    region_id: region,
    url: `${url}${path}`,
  })
  return {
    methods: ['password'],
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    issued_at: new Date().toISOString(),
    user: { id: 'user-id', name: 'demo', domain: { id: 'default', name: 'Default' } },
    project: { id: 'project-id', name: 'demo', domain: { id: 'default', name: 'Default' } },
    roles: [{ id: 'r', name: 'member' }],
    catalog: [
      {
        type: 'image',
        name: 'glance',
        endpoints: [
          endpoint('public', 'RegionOne', '/image'),
          endpoint('internal', 'RegionOne', '/internal-image'),
          endpoint('public', 'RegionTwo', '/image-two/v2/'),
        ],
      },
      {
        type: 'object-store',
        name: 'swift',
        endpoints: [endpoint('public', 'RegionOne', '/object-store/v1/AUTH_project-id')],
      },
    ],
    ...script.token?.(count),
  }
}
