import { UsageError } from '@tyrax/sdk'
import { nodePlatform } from '@tyrax/sdk/internal'

/** @throws UsageError for an algorithm that there is none of */
export async function checkAlgorithms(algorithms: readonly string[]): Promise<void> {
  for (const algorithm of algorithms) {
    if (await nodePlatform.supports(algorithm)) continue
    throw new UsageError(`--hash ${JSON.stringify(algorithm)} is no algorithm that is known here`, {
      hint: 'give sha256, sha512, md5 or another that OpenSSL has',
    })
  }
}

/** Digests of the same bytes in lower-case hex, by algorithm. */
export async function hashData(
  data: AsyncIterable<Uint8Array>,
  algorithms: readonly string[],
  onBytes: (count: number) => void,
): Promise<Readonly<Record<string, string>>> {
  const hash = await nodePlatform.createHash(algorithms)
  try {
    for await (const chunk of data) {
      await hash.update(chunk)
      onBytes(chunk.byteLength)
    }
    return await hash.digest()
  } finally {
    hash.dispose()
  }
}
