import { nodeOptionsIn } from '../config/option-table.js'
import { UsageError } from '../errors/tyrax-error.js'

const useNode = 'the Node entry, @tyrax/sdk/node, has it; where code runs on both sides, keep that import to the server'

/**
 * A bundler that resolves types without conditions sees those of Node, so a page can compile and still use Node's API.
 * @throws UsageError when `auth` is missing, or for options that only work in Node
 */
export function refuseNodeOptions(options: object | undefined): void {
  if (options === undefined) {
    throw new UsageError('connect() without options reads clouds.yaml and OS_*, which are not there outside Node', {
      hint: 'pass auth: { authUrl, … }; on a server import from @tyrax/sdk/node',
    })
  }
  const given = nodeOptionsIn(options)
  if (given.length === 0) return
  throw new UsageError(
    `connect does not take ${given.join(', ')} outside Node: no files, no TLS settings, no proxies`,
    {
      hint: 'pass auth: { authUrl, … }; on a server import from @tyrax/sdk/node',
    },
  )
}

function onlyInNode(name: string, hint = useNode): (...given: unknown[]) => never {
  return () => {
    throw new UsageError(`${name} needs Node, and this is the browser entry of @tyrax/sdk`, { hint })
  }
}

export const fromFile = onlyInNode('fromFile', `pass the File itself as data, or fromUrl(url); ${useNode}`)
export const processContext = onlyInNode('processContext')
export const createUndiciTransport = onlyInNode('createUndiciTransport', `use createFetchTransport; ${useNode}`)
