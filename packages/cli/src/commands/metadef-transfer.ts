import { readFile } from 'node:fs/promises'
import { type MetadefNamespaceFile, UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { pathOf } from '../input/sources.js'
import { endOnAbort } from '../input/stdin.js'
import { item } from '../output/result.js'
import { namespaceRecord, wholeNamespaceRow } from '../resources/metadef.js'

export const metadefNamespaceExport = defineCommand({
  summary: 'Print a whole namespace',
  description: 'Prints it in the shape of the files that come with Glance. -f json is what import takes.',
  examples: [{ run: 'tyrax -f json metadef namespace export Acme::Images > acme.json', does: 'into a file' }],
  args: { namespace: ['<namespace>', 'its name'] },
  options: {},
  columns: {
    names: [
      'namespace',
      'display_name',
      'description',
      'visibility',
      'protected',
      'resource_type_associations',
      'properties',
      'objects',
      'tags',
    ],
  },
  async run(context, { args }) {
    const cloud = await context.connect()
    const file = await cloud.images.metadefs.exportNamespace(args.namespace, { signal: context.signal })
    return item({ ...file })
  },
})

export const metadefNamespaceImport = defineCommand({
  summary: 'Create a whole namespace from JSON',
  description:
    'Takes what export prints with -f json, and the files that come with Glance. With --replace, a namespace that\n' +
    'exists is made equal to it; its owner stays.',
  examples: [
    { run: 'tyrax metadef namespace import acme.json', does: 'from a file' },
    { run: 'tyrax metadef namespace import - --replace < acme.json', does: 'again, with changes' },
  ],
  args: { file: ['<file|->', 'a file of JSON, or - for standard input'] },
  options: { replace: option.flag('--replace', 'change the namespace if there is one of the same name') },
  columns: namespaceRecord,
  async run(context, { args, options }) {
    const file = parse(args.file, await readText(context, args.file))
    const cloud = await context.connect()
    const { replace = false } = options
    const { signal } = context
    return item(wholeNamespaceRow(await cloud.images.metadefs.importNamespace(file, { replace, signal })))
  },
})

const mostBytes = 16 * 1024 ** 2

async function readText(context: Context, file: string): Promise<string> {
  if (file === '')
    throw new UsageError('The name of the file is empty', { hint: 'give a path, or - for standard input' })
  if (file !== '-') return readFile(pathOf(context, file), 'utf8')
  const { stdin } = context.surroundings
  if (stdin.isTTY) throw new UsageError('Standard input is a terminal: there is no namespace to read')
  endOnAbort(stdin, context.signal)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk as Uint8Array))
    bytes += chunks.at(-1)?.length ?? 0
    if (bytes > mostBytes) throw new UsageError('Standard input is too long for a namespace')
  }
  return Buffer.concat(chunks).toString()
}

/** The SDK checks whether it is a namespace. */
function parse(name: string, text: string): MetadefNamespaceFile {
  try {
    return JSON.parse(text) as MetadefNamespaceFile
  } catch (cause) {
    throw new UsageError(`${name === '-' ? 'Standard input' : name} is not JSON`, {
      cause,
      hint: 'export it with tyrax -f json metadef namespace export NAMESPACE',
    })
  }
}
