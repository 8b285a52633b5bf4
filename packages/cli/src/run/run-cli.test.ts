import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { commandEntries } from '../commands/index.js'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'
import { version } from '../version.js'

const home = await makeHome()

test('--version says the version of the package', async () => {
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(version).toBe(manifest.version)
  expect(await run(home, ['--version'])).toMatchObject({ exitCode: 0, stdout: `tyrax ${version}\n`, stderr: '' })
  const { stdout } = await run(home, ['--version', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ tyrax: version, node: process.versions.node })
})

test('help of the program leads with examples and names every command', async () => {
  const { exitCode, stdout, stderr } = await run(home, ['--help'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout.indexOf('Examples:')).toBeLessThan(stdout.indexOf('Usage:'))
  for (const { path, summary } of commandEntries)
    expect(stdout).toMatch(new RegExp(`  ${path.join(' ')} +${summary}\n`))
})

test('help of a group lists its commands', async () => {
  expect((await run(home, ['share', '--help'])).stdout).toMatchInlineSnapshot(`
    "Share images with other projects, and accept or reject what others share with you.

    Examples:
      # offer an image to a project
      $ tyrax share add debian-13 0a1b2c3d4e5f
      # as that project: list what is offered
      $ tyrax share inbox
      # and accept it
      $ tyrax share accept 3f0c…

    Usage:
      tyrax share COMMAND [options]     (tyrax share COMMAND --help for each)

    Commands:
      share add     Share an image with a project
      share list    List the projects that an image is shared with
      share show    Show what a project decided about a shared image
      share accept  Accept a shared image
      share reject  Reject a shared image
      share reset   Take back a decision on a shared image
      share rm      Stop sharing with a project
      share inbox   List images offered to this project
    "
  `)
})

test('help of a command leads with examples', async () => {
  const { stdout } = await run(home, ['create', '--help'])
  expect(stdout.slice(0, stdout.indexOf('Cloud:'))).toMatchInlineSnapshot(`
    "Creates an image. With --file or --object it returns when the image is active and its hash equals that of
    what was sent; a failed upload leaves nothing behind. Without data it creates a queued record, for \`tyrax upload\`.

    Examples:
      # from a file
      $ tyrax create debian-13 --file debian-13.qcow2 --property os_distro=debian --tag lts
      # from a pipe
      $ curl -L https://example.org/u.img | tyrax create u --file -
      # from object storage
      $ tyrax create u --object imgs/u.vhd --disk-format vhd
      # a record only
      $ tyrax create later --disk-format raw

    Usage:
      tyrax create <name> [options]

    Arguments:
      <name>  name of the image

    Options:
      --file <path|-|url>              the data: a file, - for standard input, or a URL
      --object <container/object>      the data: an object in object storage
      --disk-format <format>           auto (the default) detects it from the data; ami, ari, aki, vhd, vhdx, vmdk, raw, qcow2, vdi, iso, ploop
      --property <key=value>           custom property; repeat for more
      --tag <tag>                      tag; repeat for more
      --visibility <who>               who may see it: public, private, shared, community
      --min-disk <gib>                 smallest disk to boot it, in GiB (10, or 10G)
      --min-ram <mib>                  smallest memory to boot it, in MiB (512, or 2G)
      --container-format <format>      usually bare; ami, ari, aki, bare, ovf, ova, docker, compressed
      --protected                      prevent deletion
      --hidden                         leave it out of default lists
      --id <uuid>                      id of the new image (default: a random one)
      --owner <project>                the project that owns it, by id or name (administrators)
      --project-domain <domain>        domain of the project, if several have its name
      --import                         let the server import the data of --file from its staging area
      --volume <volume>                the data: a volume, by id or name, on a cloud with block storage
      --sign-key-path <file>           private key to sign the data with, for --file with a path
      --sign-cert-id <id>              id of the key's certificate in the cloud's key manager
      --uri <url>                      the server downloads the data from there
      --store <store>                  store for the data; with --import or --uri, repeat for more
      --all-stores                     with --import or --uri: every store of the cloud
      --allow-partial                  success when at least one store has the data (exit code 9)
      --limit-rate <rate>              limit in bytes per second, such as 500k, 10M or 1G (default: no limit)
      --require-verified               fail when the server has no hash to compare with
      --checksum <algorithm:hex|list>  checksum published for the file, compressed or not: sha256:…, or a file or URL like SHA256SUMS
      --size <size>                    exact size of standard input, such as 1048576 or 2G, announced to the server; any other size is an error
      --[no-]decompress                decompress gzip, xz, zstd and bzip2 while sending (default: yes)
      --force                          send the data even if it would be refused
      --keep-on-failure                keep the record when the upload fails

    "
  `)
  expect((await run(home, ['help', 'create'])).stdout).toBe(stdout)
})

test('help leaves out options that have no effect on the command', async () => {
  const flagsOf = async (...argv: string[]) => {
    const { stdout } = await run(home, [...argv, '--help'])
    return [...stdout.matchAll(/^  (?:-\w, )?--(?:\[no-\])?([a-z-]+)/gm)].map(([, flag]) => flag)
  }
  const [create, upload, download] = await Promise.all([flagsOf('create'), flagsOf('upload'), flagsOf('download')])
  expect(create).not.toEqual(expect.arrayContaining(['resume']))
  expect(upload).not.toEqual(expect.arrayContaining(['concurrency']))
  expect(download).toEqual(expect.arrayContaining(['resume', 'concurrency', 'os-cloud', 'column', 'retries']))
  expect(await flagsOf('object', 'rm')).not.toContain('column')
  const serve = await flagsOf('serve')
  expect(serve).toContain('deadline')
  expect(serve.filter((flag) => flag?.startsWith('os-') || flag === 'retries')).toEqual([])
})

test('every command can be loaded, has examples that name it, and a summary equal to its entry’s', async () => {
  for (const { path, summary, load } of commandEntries) {
    const command = await load()
    expect(command.summary).toBe(summary)
    expect(command.examples.length).toBeGreaterThan(0)
    for (const example of command.examples) expect(example.run).toMatch(/tyrax/)
    const { exitCode, stdout } = await run(home, [...path, '--help'])
    expect({ path, exitCode }).toEqual({ path, exitCode: 0 })
    expect(stdout).toContain(`tyrax ${path.join(' ')}`)
    // No option of a command hides a global one.
    const flags = [...stdout.matchAll(/^  (?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag)
    expect(flags).toEqual([...new Set(flags)])
  }
})

test.each([
  [['lst'], 'tyrax has no command "lst"', 'Did you mean list?'],
  [['share', 'ad'], 'tyrax share has no command "ad"', 'Did you mean add?'],
  [['remove', 'x'], 'tyrax has no command "remove"', 'Did you mean rm?'],
  [['delete', 'x'], 'tyrax has no command "delete"', 'Did you mean rm?'],
  [['get', 'x'], 'tyrax has no command "get"', 'Did you mean show or download?'],
  [['describe', 'x'], 'tyrax has no command "describe"', 'Did you mean show?'],
  [['save', 'x'], 'tyrax has no command "save"', 'Did you mean download?'],
  [['ls'], 'tyrax has no command "ls"', 'Did you mean list?'],
  [['add', 'x'], 'tyrax has no command "add"', 'Did you mean create?'],
  [['update', 'x'], 'tyrax has no command "update"', 'Did you mean set?'],
  [['login'], 'tyrax has no command "login"', 'Did you mean tyrax auth check?'],
  [['down'], 'tyrax has no command "down"', 'Did you mean download?'],
  [['object', 'upload'], 'tyrax object has no command "upload"', 'Did you mean put?'],
  [['object', 'container', 'list'], 'has no command "list"', 'Did you mean tyrax object list?'],
  [['tag', 'create'], 'tyrax tag has no command "create"', 'Did you mean add?'],
  [['share', 'remove'], 'tyrax share has no command "remove"', 'Did you mean rm?'],
  [['tag', 'delete', 'x'], 'tyrax tag has no command "delete"', 'Did you mean rm?'],
  [['activate', 'x'], 'tyrax has no command "activate"', 'Did you mean reactivate?'],
  [['image', 'remove', 'x'], 'tyrax has no command "image"', 'Did you mean tyrax rm?'],
  [['image', 'get', 'x'], 'tyrax has no command "image"', 'Did you mean tyrax show or download?'],
  [['create', 'x', '--metadata', 'a=b'], "unknown option '--metadata'", 'Did you mean --property?'],
  [['list', '--json'], "unknown option '--json'", 'Did you mean -f json?'],
  [['download', 'x', '--to', 'y'], "unknown option '--to'", 'Did you mean --output?'],
  [['serv'], 'tyrax has no command "serv"', 'Did you mean serve?'],
  [['xyzzy'], 'tyrax has no command "xyzzy"', 'one of create'],
  [[], 'No command given', 'tyrax --help'],
  [['share'], 'tyrax share needs a subcommand', 'accept'],
  [['list', '--nmae', 'x'], "unknown option '--nmae'", 'Did you mean --name?'],
  [['usage', 'x'], 'too many arguments', 'tyrax usage --help'],
  [['show'], "missing required argument 'image'", 'tyrax show --help'],
  [['list', '-f', 'xml'], "argument 'xml' is invalid", 'see tyrax list --help'],
  [['create', 'x', '--min-disk', '-1'], '--min-disk takes a whole number', ''],
  [['create', 'x', '--min-ram', '1.5'], '--min-ram takes a whole number', ''],
  [['create', 'x', '--min-ram', '1500k'], '--min-ram takes a whole number of MiB', 'such as 10G'],
  [['list', '--size-min', 'large'], '--size-min takes a size in bytes such as 500k', ''],
  [['create', 'x', '--file', '-', '--size', '-1'], '--size takes a size in bytes', ''],
  [['create', 'x', '--property', 'novalue'], '--property takes KEY=VALUE', 'KEY='],
  [['create', 'x', '--property', '=v'], '--property takes KEY=VALUE', ''],
  [['create', 'x', '--file', 'a', '--object', 'b/c'], 'not both', ''],
  [['create', 'x', '--object', 'b'], 'takes CONTAINER/OBJECT', ''],
  [['create', 'x', '--visibility', 'everyone'], 'Allowed choices are public', ''],
  [['upload', 'x'], 'needs --file', '--file -'],
  [['download', 'x'], 'needs --output', '--output -'],
  [['unset', 'x'], 'nothing to unset', '--property KEY'],
  [['unset', 'x', '--property', 'a=b'], 'takes only a key', '--property a'],
  [['set', 'x'], 'nothing to set', ''],
  [['list', '--os-password', 'secret1'], '--os-password is refused', 'OS_PASSWORD'],
  [['list', '--idle-timeout', 'soon'], 'takes a duration', ''],
  [['serve', '--data', 'x', '--ephemeral'], '--data keeps everything and --ephemeral keeps nothing', ''],
  [['serve', '--port', '70000'], 'from 0 to 65535', ''],
])('tyrax %j is refused as a mistake of usage', async (argv, message, hint) => {
  const { exitCode, stdout, stderr } = await run(home, argv)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(message)
  expect(stderr).toContain(hint)
  expect(stderr).not.toContain('secret1')
})

test.each([[['list', '-f', 'json', '--nmae', 'x']], [['--format=json', 'list', '--nmae', 'x']], [['-fjson', 'lst']]])(
  '%j says its failure as one JSON object on stderr',
  async (argv) => {
    const { stderr, stdout, exitCode } = await run(home, argv)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'usage',
        name: 'UsageError',
        message: expect.any(String),
        status: null,
        requestId: null,
        retryable: false,
        hint: expect.any(String),
      },
    })
  },
)
