import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { BlockList, isIPv6 } from 'node:net'
import type { WantedForm } from '../../auth/login-means.js'
import { ConfigError } from '../../errors/config-errors.js'
import { TimeoutError } from '../../errors/connection-errors.js'
import { abortReason } from '../../transport/aborting.js'
import { answerForm } from './form-request.js'

/**
 * Listens on this machine until a browser posts the form, and no longer: it ends with the first right form, after the
 * time limit, on abort, and when the page cannot be opened. Only programs on this machine can reach it. Nothing in a
 * form proves that it is Keystone's, because Keystone takes no state that it would send back
 * (keystoneauth1/identity/v3/websso.py): `answerForm` refuses what cannot be.
 * @throws ConfigError for a host that other machines reach, and a port in use; TimeoutError
 */
export async function receiveFormHere(wanted: WantedForm): Promise<string> {
  const { signal, timeoutMs } = wanted
  const received = openPromise<string>()
  const servers: Server[] = []
  const onAbort = () => received.reject(abortReason(signal))
  const timer = setTimeout(() => received.reject(tooLate(timeoutMs)), timeoutMs)
  try {
    for (const address of await ownAddresses(wanted.host)) {
      const server = createServer((request, response) => {
        answerForm(request, response, wanted, received.resolve).catch(() => response.destroy())
      })
      if (await listens(server, address, wanted)) servers.push(server)
    }
    if (servers.length === 0) throw new ConfigError(`nothing can listen on ${wanted.host}`)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    await wanted.start()
    return await received.promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    for (const server of servers) {
      server.close()
      server.closeIdleConnections()
      // The page that says that all is well may still be on its way.
      setTimeout(() => server.closeAllConnections(), 1000).unref()
    }
  }
}

/** @throws ConfigError unless all addresses are this machine's own */
async function ownAddresses(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch((cause: unknown) => {
    throw new ConfigError(`redirect_host ${host} has no address`, { cause, hint: 'leave it out: it is localhost' })
  })
  const addresses = [...new Set(found.map(({ address }) => address))]
  const foreign = addresses.find((address) => !loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
  if (foreign === undefined) return addresses
  throw new ConfigError(`redirect_host ${host} is ${foreign}, which other machines can reach`, {
    hint: 'the token arrives there unencrypted: use localhost or 127.0.0.1',
  })
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** False when this machine does not have the address. */
async function listens(server: Server, address: string, { host, port, path }: WantedForm): Promise<boolean> {
  try {
    server.listen(port, address)
    await once(server, 'listening')
    return true
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return false
    throw new ConfigError(`cannot listen on ${host}:${port} for the token (${code ?? String(cause)})`, {
      cause,
      hint: `end the program that uses the port, or set redirect_port; Keystone must list http://${host}:PORT${path} as a trusted dashboard`,
    })
  }
}

function tooLate(timeoutMs: number): TimeoutError {
  const seconds = timeoutMs / 1000
  return new TimeoutError(`the sign-in was not completed within ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`, {
    limit: 'login',
    timeoutMs,
    hint: 'sign in faster, or set login_timeout to more seconds; if Keystone refused the address, its administrator adds it to trusted_dashboard',
  })
}

function openPromise<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((...both) => {
    ;[resolve, reject] = both
  })
  // It may fail before it is waited for.
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
