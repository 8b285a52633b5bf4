import { type AddressInfo, connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import { type ControlAddress, newSecret, parseJson } from './record.js'

/**
 * What a command asks of the process that runs a cloud. `join`: stay as long as this connection; `yield`: end unless
 * others have joined; `stop`: end; `status`: say who has joined; `run`: run the command that follows.
 */
export type Wish = 'join' | 'yield' | 'stop' | 'status' | 'run'

/** The response: whether the wish is granted, and the number of commands that have joined. */
export interface Response {
  readonly ok: boolean
  readonly commands: number
}

/** The process's side. */
export interface Control extends Omit<ControlAddress, 'key'> {
  /** The number of commands that have joined. */
  commands(): number
  close(): Promise<void>
}

/** A connection that sends less than a wish for longer than this is closed. */
const patienceMs = 5000
const longestWish = 256

/**
 * Listens on loopback, and on Linux also at a name that is no file, for commands that know the key.
 * @param accept decides about a wish, and acts on it
 * @param receive takes the connection of a command that wants to be run, and what it has sent already
 */
export async function openControl(
  key: string,
  accept: (wish: Wish, commands: number) => boolean,
  receive?: (socket: Socket, text: string) => void,
): Promise<Control> {
  const joined = new Set<Socket>()
  const open = new Set<Socket>()
  const answer = (socket: Socket, line: string, rest: string) => {
    const wish = wishOf(line, key)
    if (wish === undefined) return socket.destroy()
    const ok = accept(wish, joined.size)
    if ((wish === 'join' || wish === 'run') && ok) joined.add(socket)
    if (wish === 'run') return ok && receive ? receive(socket, rest) : socket.destroy()
    socket.write(`${JSON.stringify({ ok, commands: joined.size } satisfies Response)}\n`)
    // A command that stops the cloud waits for the end of the connection.
    return wish === 'status' || !ok ? socket.end() : socket
  }
  const receiveWish = (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      open.delete(socket)
      joined.delete(socket)
    })
    socket.setTimeout(patienceMs, () => socket.destroy())
    let text = ''
    const onData = (data: string) => {
      text += data
      const end = text.indexOf('\n')
      if (end >= 0) {
        socket.off('data', onData).setTimeout(0)
        answer(socket, text.slice(0, end), text.slice(end + 1))
      } else if (text.length > longestWish) socket.destroy()
    }
    socket.setEncoding('utf8').on('data', onData)
  }
  const byPort = createServer(receiveWish)
  await listening(byPort, { port: 0, host: '127.0.0.1' })
  const servers = [byPort]
  let name: string | undefined
  if (receive && process.platform === 'linux') {
    const byName = createServer(receiveWish)
    const unguessable = `\0tyrax-${newSecret()}`
    try {
      await listening(byName, { path: unguessable })
      servers.push(byName)
      name = unguessable
    } catch {
      // Not everything that calls itself Linux has such names: commands run in their own processes there.
    }
  }
  return {
    port: (byPort.address() as AddressInfo).port,
    ...(name !== undefined && { name }),
    commands: () => joined.size,
    async close() {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
      for (const socket of open) socket.destroy()
      await Promise.all(closed)
    },
  }
}

async function listening(server: Server, where: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, resolve)
  })
}

function wishOf(line: string, key: string): Wish | undefined {
  const { timingSafeEqual } = process.getBuiltinModule('node:crypto')
  const [given = '', word] = line.split(' ')
  const bytes = Buffer.from(given)
  const own = Buffer.from(key)
  if (bytes.length !== own.length || !timingSafeEqual(bytes, own)) return undefined
  return wishes.find((wish) => wish === word)
}
const wishes = ['join', 'yield', 'stop', 'status', 'run'] as const

/** The command's side: the response, and the connection while it lasts. */
export interface Asked extends Response {
  /** Called when the process ends the connection, at once if it has already. */
  onLost(lost: () => void): void
  /** Resolves when the process ends the connection, which is the last thing it does. */
  ended(): Promise<void>
  leave(): void
}

/** @returns undefined when no process responds there that knows the key */
export async function ask({ port, key }: ControlAddress, wish: Wish): Promise<Asked | undefined> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const line = await new Promise<string | undefined>((resolve) => {
    let text = ''
    socket.setTimeout(patienceMs, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(undefined))
    socket.on('connect', () => socket.write(`${key} ${wish}\n`))
    socket.setEncoding('utf8').on('data', (data: string) => {
      text += data
      if (text.includes('\n')) resolve(text)
      else if (text.length > longestWish) socket.destroy()
    })
  })
  const response = parseJson(line) as Partial<Response> | null | undefined
  if (typeof response?.ok !== 'boolean' || typeof response.commands !== 'number') {
    socket.destroy()
    return undefined
  }
  socket.setTimeout(0)
  // It lasts as long as the command, and does not keep it alive.
  socket.unref()
  let hasLeft = false
  const closed = () => new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', resolve)))
  return {
    ok: response.ok,
    commands: response.commands,
    onLost(lost) {
      void closed().then(() => (hasLeft ? undefined : lost()))
    },
    ended() {
      socket.ref()
      return closed()
    },
    leave() {
      hasLeft = true
      socket.destroy()
    },
  }
}
