// Sends damaged HTTP to an embedded cloud for a while: node fuzz/http.mjs [--seconds 60] [--seed N] [--only RUN]
// Needs the built package. The bytes of a failing connection are written to a file, and the exit code is 1; `--only`
// repeats the connection of that number. Another project's secrets are planted, and must not appear in any response.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { generator, mutant } from './mutate.mjs'
import { plant, prepare, signIn } from './people.mjs'
import { seedRequests } from './seeds.mjs'

const MiB = 1024 * 1024
const mostGrowth = 256 * MiB
/** Milliseconds between the responses to two successive pings, on a machine that also does other work. */
const longestGap = 3000
/**
 * The longest turn of the server's event loop, in milliseconds: CPU time if the system reports it, otherwise real time.
 */
const longestTurn = 250
const side = 12
const secret = 'canary5f0c1d9ae2'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    only: { type: 'string' },
  },
})

async function run(child, ended) {
  const [{ url, authUrl }] = await once(child, 'message')
  const { hostname, port, host } = new URL(url)
  const bob = await signIn(authUrl, 'bob')
  const foreign = await plant(url, bob, secret)
  let tokens
  let seeds
  /** Mutants delete resources and revoke tokens; without new ones most later responses would be 401 and 404. */
  async function renew() {
    const [alice, carol] = [await signIn(authUrl, 'alice'), await signIn(authUrl, 'carol')]
    const own = { ...alice, ...(await prepare(url, alice)) }
    seeds = seedRequests(own, foreign)
    tokens = [alice.token, alice.token, carol.token]
  }
  await renew()
  const measure = async () => {
    child.send('measure')
    return (await once(child, 'message'))[0]
  }
  const statuses = new Map()
  const state = { isOver: false, gone: undefined }
  void ended.then(([code, signal]) => (state.gone = `the server ended (${code ?? signal})`))
  let found

  async function connection(index) {
    const random = generator(Math.imul(Number(values.seed), 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b))
    const parts = mutant(random, seeds, tokens, host)
    const patience = 100 + random(400)
    const received = await talk(hostname, Number(port), parts, patience, random(4))
    const text = received.toString('latin1')
    const problems = []
    for (const [, status] of text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status >= '500' && status !== '501') problems.push(`it answered ${status}`)
    }
    if (text.includes(secret) || text.includes(bob.token)) problems.push('it gave away a secret of another project')
    if (state.gone) problems.push(state.gone)
    if (problems.length > 0) found ??= { index, parts, received, problem: problems[0] }
  }

  if (values.only !== undefined) {
    await connection(Number(values.only))
    process.stdout.write(found ? `${found.problem}\n${shown(found)}` : `no finding\n`)
    process.exitCode = found ? 1 : 0
    return
  }

  let gap = 0
  const pinging = (async () => {
    for (let last = performance.now(); !state.isOver && !state.gone;) {
      const response = await fetch(`${url}/object-store/v1/${bob.account}/vault`, {
        headers: { 'x-auth-token': bob.token },
      }).catch(() => undefined)
      const now = performance.now()
      if (response?.status === 200) {
        await response.arrayBuffer()
        gap = Math.max(gap, now - last)
        last = now
      }
      if (now - last > longestGap) gap = now - last
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  const end = Date.now() + Number(values.seconds) * 1000
  let runs = 0
  let base
  const workers = Array.from({ length: side }, async () => {
    while (Date.now() < end && !found && !state.gone) {
      runs += 1
      if (runs % 100 === 0) await renew().catch((error) => process.stderr.write(`${error.message}\n`))
      await connection(runs)
    }
  })
  const settled = new Promise((resolve) => setTimeout(resolve, Math.min(5000, Number(values.seconds) * 250)))
  const measuring = settled.then(measure).then((figures) => (base = figures))
  await Promise.all(workers)
  await Promise.race([measuring, ended])
  state.isOver = true
  await pinging
  if (found || state.gone)
    return report(found ?? { index: runs, parts: [], received: Buffer.alloc(0), problem: state.gone })
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const last = await measure()
  const vault = await fetch(`${url}/object-store/v1/${bob.account}/vault/secret`, {
    headers: { 'x-auth-token': bob.token },
  })
  const problems = [
    gap > longestGap && `pings had a gap of ${Math.round(gap)} ms`,
    last.turn > longestTurn && `one turn took ${Math.round(last.turn)} ms`,
    base && last.rss - base.rss > mostGrowth && `memory grew by ${Math.round((last.rss - base.rss) / MiB)} MiB`,
    last.sockets > 8 && `${last.sockets} connections are open`,
    last.fds > (base?.fds ?? last.fds) + 4 * side && `${last.fds} descriptors are open`,
    last.warnings.length > 0 && last.warnings.join('; '),
    last.temporary > 0 && `${last.temporary} temporary files are left`,
    (await vault.text()) !== secret && "another project's object was changed",
  ].filter(Boolean)
  const list = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  process.stdout.write(
    `${runs} connections in ${values.seconds} s (seed ${values.seed}), longest ping gap ${Math.round(gap)} ms, longest turn ` +
      `${Math.round(last.turn)} ms, RSS ${Math.round(last.rss / MiB)} MiB, ${last.fds} descriptors; ${list.join(', ')}\n` +
      (problems.length === 0 ? 'no finding\n' : `${problems.join('; ')}\n`),
  )
  process.exitCode = problems.length === 0 ? 0 : 1
}

function report(finding) {
  const file = join(tmpdir(), `tyrax-http-finding-${values.seed}-${finding.index}.txt`)
  writeFileSync(file, shown(finding))
  process.stderr.write(`seed ${values.seed}, connection ${finding.index}: ${finding.problem}; saved as ${file}\n`)
  process.exitCode = 1
}

function shown({ parts, received }) {
  return Buffer.concat([...parts, Buffer.from('\n\n---- response ----\n\n'), received]).toString('latin1')
}

/** Writes the pieces one after the other, and reads until the connection ends or nothing has arrived for a while. */
async function talk(hostname, port, parts, patience, pause) {
  const socket = net.connect({ host: hostname, port, allowHalfOpen: true })
  const chunks = []
  socket.setTimeout(patience, () => socket.destroy())
  socket
    .on('data', (chunk) => chunks.push(chunk))
    .on('error', () => {})
    .on('end', () => socket.destroy())
  const closed = new Promise((resolve) => socket.once('close', resolve))
  for (const part of parts) {
    if (socket.destroyed) break
    socket.write(part)
    if (parts.length > 1) await new Promise((resolve) => setTimeout(resolve, pause * 3))
  }
  await closed
  return Buffer.concat(chunks)
}

const folder = mkdtempSync(join(tmpdir(), 'tyrax-http-fuzz-'))
const child = fork(fileURLToPath(new URL('serve.mjs', import.meta.url)), [folder], { execArgv: ['--expose-gc'] })
const ended = once(child, 'exit')
try {
  await run(child, ended)
} finally {
  if (child.exitCode === null) child.send('close')
  await ended
  rmSync(folder, { recursive: true, force: true })
}
