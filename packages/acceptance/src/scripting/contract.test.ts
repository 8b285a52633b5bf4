import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Machine, startMachine } from './machine.js'

/*
 * What scripts can rely on. docs/scripting.md says it in words.
 */

let machine: Machine
const data = Buffer.alloc(300_000, 'tyrax ')
const sha512 = createHash('sha512').update(data).digest('hex')

beforeAll(async () => {
  machine = await startMachine([
    { match: { method: 'GET', path: '/file$' }, fault: { type: 'corrupt', atResponseByte: 1000 } },
    { match: { path: 'limit=7(&|$)' }, fault: { type: 'reset' } },
    { match: { path: 'limit=6(&|$)' }, fault: { type: 'status', status: 503 } },
  ])
  const { cloud, folder } = machine
  await cloud.images.create({ name: 'debian', diskFormat: 'raw', data })
  await cloud.images.create({ name: 'twin', diskFormat: 'raw' })
  await cloud.images.create({ name: 'twin', diskFormat: 'raw' })
  await cloud.images.create({ name: 'later', diskFormat: 'raw' })
  await writeFile(path.join(folder, 'disk.raw'), data)
  await writeFile(path.join(folder, 'large.raw'), Buffer.alloc(1_100_000, 1))
})
afterAll(() => machine[Symbol.asyncDispose]())

/** Starts `tyrax wait` and stops it with a signal as soon as it waits, which is not what an earlier one has said. */
const stopped = (signal: string) =>
  `: > err; tyrax wait later 2> err & until grep -q queued err; do sleep 0.05; done; kill -s ${signal} $!; code=0; wait $! || code=$?; cat err >&2; exit $code`

test.each([
  [0, 'ok', 'tyrax list --name debian -f value -c name', 'debian\n', /^$/],
  [0, 'nothing found is no failure', 'tyrax list --name nothing -f json', '[]\n', /^$/],
  [1, 'failure', 'tyrax download debian --output /nonexistent/folder/file -q', '', /^error: /],
  [2, 'usage', 'tyrax list --nope', '', /^error: unknown option '--nope'\nhint: /],
  [2, 'configuration', 'tyrax list --os-cloud nowhere', '', /^error: .*nowhere/],
  [3, 'not found', 'tyrax show nothing', '', /^error: .*nothing/],
  [4, 'not signed in', 'OS_PASSWORD=wrong tyrax list --os-cloud open', '', /^error: /],
  [4, 'not allowed', 'tyrax create x --visibility public', '', /^error: /],
  [5, 'an ambiguous name', 'tyrax show twin', '', /^error: .*twin/],
  [5, 'a conflict', 'tyrax upload debian --file disk.raw --force -q', '', /^error: /],
  [6, 'integrity', 'tyrax --os-cloud broken download debian --output got -q', '', /^error: /],
  [7, 'quota, or too large', 'tyrax create large --file large.raw --disk-format raw --force -q', '', /^error: /],
  [
    8,
    'a wait timed out',
    'tyrax wait later --timeout 10ms -q',
    '',
    /^error: .*not active after 10 ms.*\n.*\nagain: tyrax wait later/s,
  ],
  [
    9,
    'partial success',
    'tyrax create gone -q > made; tyrax rm gone nothing -q',
    '',
    /^error: 1 of 2 failed. nothing: /,
  ],
  [10, 'network, after retries', 'tyrax --os-cloud broken list --limit 7 --retries 0', '', /^error: /],
  [10, 'a service that is down', 'tyrax --os-cloud broken list --limit 6 --retries 0', '', /^error: .*503/],
  [
    11,
    'the data folder of the embedded cloud',
    'mkdir other; touch other/file; tyrax serve --port 0 --data other',
    '',
    /^error: /,
  ],
  [129, 'a lost terminal', stopped('HUP'), '', /^error: stopped by SIGHUP, .*gone$/m],
  [130, 'Ctrl-C', stopped('INT'), '', /^error: stopped by SIGINT\n.*\nagain: tyrax wait later$/m],
  [143, 'terminated', stopped('TERM'), '', /^error: stopped by SIGTERM$/m],
] as const)('exit code %d: %s', async (code, _meaning, script, stdout, stderr) => {
  const ran = await machine.sh(script)
  expect(ran).toEqual({ code, stdout, stderr: expect.stringMatching(stderr) })
})

test('with -f json a failure is one object on one line, and stdout stays empty', async () => {
  const { code, stdout, stderr } = await machine.sh('tyrax show nothing -f json')
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: 'not_found',
      name: 'NoMatchError',
      message: expect.stringContaining('nothing'),
      status: null,
      requestId: null,
      retryable: false,
      hint: expect.anything(),
    },
  })
})

test.each([
  [
    'a value fits into a variable',
    'id=$(tyrax show debian -f value -c id); tyrax show "$id" -f value -c name',
    'debian\n',
  ],
  [
    'ids go to xargs, one command for each',
    'tyrax list --name twin -f id | xargs -n 1 tyrax show -f value -c status',
    'queued\nqueued\n',
  ],
  ['data goes through a pipe', 'tyrax download debian --output - -q | sha512sum | cut -d " " -f 1', `${sha512}\n`],
  [
    'data comes from a pipe, and what was created is named on stdout alone',
    'cat disk.raw | tyrax create piped --file - --disk-format raw -f value -c os_hash_value 2> log',
    `${sha512}\n`,
  ],
  [
    'output goes through tee',
    'tyrax list --name debian -f csv -c name | tee copy; cmp -s copy - <<END\nname\ndebian\nEND\necho same',
    'name\ndebian\nsame\n',
  ],
  [
    'a reader that leaves early, as head does, is no failure',
    '{ tyrax download debian --output - -q; echo "code $?" >&2; } 2> code | head -c 5; cat code',
    'tyraxcode 0\n',
  ],
  [
    'set -e ends a script at the first command that fails',
    'sh -ec "tyrax show nothing -q; echo not reached" 2> log || echo "code $?"',
    'code 3\n',
  ],
  ['a full stderr changes nothing', 'tyrax list --name debian -f id 2> /dev/full | wc -l | tr -d " "', '1\n'],
  [
    'a closed stdin, stdout or stderr changes nothing',
    'tyrax list -f id -q <&- >&- 2>&-; tyrax show debian -f value -c name <&- 2>&-',
    'debian\n',
  ],
  [
    'a full disk is a failure',
    'tyrax list > /dev/full 2> log || echo "code $?"; wc -l < log | tr -d " "',
    'code 1\n1\n',
  ],
  [
    'an empty list is [] as JSON, a header as CSV, and nothing as values',
    'for f in json csv value id; do tyrax list --name nothing -c id -f $f; done',
    '[]\nid\n',
  ],
  [
    'nothing is asked when there is no terminal',
    'tyrax rm nothing --if-exists -q < /dev/null; echo "code $?"',
    'code 0\n',
  ],
] as const)('%s', async (_, script, stdout) => {
  expect(await machine.sh(script)).toEqual({ code: 0, stdout, stderr: '' })
})

test('progress never goes to stdout; with --progress json every line of stderr is an object', async () => {
  const { code, stdout, stderr } = await machine.sh(
    'tyrax create events --file disk.raw --disk-format raw --progress json -f value -c name; tyrax download events --output disk.raw --progress json',
  )
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'events\n' })
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>)
  const events = lines.flatMap(({ progress }) => (progress === undefined ? [] : [progress]))
  expect(events[0]).toMatchObject({ id: 1, label: 'events', state: 'running', phase: 'inspect', bytes: 0 })
  expect([...new Set(events.map(({ phase }) => phase))]).toEqual(['inspect', 'upload', 'server'])
  expect(events.at(-1)).toEqual({
    id: 1,
    label: 'events',
    state: 'done',
    phase: 'upload',
    bytes: 300_000,
    total: 300_000,
    bytesPerSecond: expect.any(Number),
    etaSeconds: null,
    elapsedSeconds: expect.any(Number),
  })
  expect(lines.flatMap((line) => Object.keys(line)).filter((kind) => kind !== 'progress')).toContain('note')
  expect(lines.at(-1)).toMatchObject({ error: { code: 'failure' } })
})

test('a transfer that a time limit or the network cuts short says what is left and which command continues it', async () => {
  const limited = await machine.sh('tyrax create slow --file disk.raw --disk-format raw --limit-rate 50k --deadline 1s')
  expect(limited).toMatchObject({ code: 8, stdout: '' })
  expect(limited.stderr).toMatch(/^error: The command took longer than its --deadline of 1 s$/m)
  expect(limited.stderr).toMatch(
    /^hint: the image [0-9a-f-]{36} was removed, and nothing of it is left: create it again$/m,
  )
  expect(limited.stderr).toMatch(
    /^again: tyrax create slow --file disk.raw --disk-format raw --limit-rate 50k --deadline 1s$/m,
  )
  expect(limited.stderr).toMatch(/^slow: stopped in upload /m)
  expect((await machine.cloud.images.listAll({ name: 'slow' })).length).toBe(0)
})
