import { UsageError } from '../../../errors/tyrax-error.js'
import type { Platform } from '../../../platform/platform.js'
import type { Source } from '../../../sources/source.js'
import { metered } from '../../../transfer/progress.js'
import type { ImageSigning, SendOptions } from './options.js'

/**
 * Reads the data, and returns the properties that Glance verifies it by when it arrives: they must be set before
 * (glance/location.py, ImageProxy.set_data).
 * @throws UsageError for a key that cannot sign, for data that can be read only once, and where there is no signing
 */
export async function signatureOf(
  platform: Platform,
  source: Source,
  { key, passphrase, certificateId }: ImageSigning,
  { signal, onProgress }: Pick<SendOptions, 'signal' | 'onProgress'>,
): Promise<Readonly<Record<string, string>>> {
  if (!platform.createSigner) throw new UsageError('images are signed only by Node.js', { hint: 'leave out sign' })
  const signer = await platform.createSigner({ pem: key, passphrase })
  if (!source.replayable) {
    throw new UsageError(`${source.label} can be read only once: signing it takes another pass before it is sent`, {
      hint: 'save it to a file first',
    })
  }
  await metered(onProgress, 'inspect', { total: source.size }, async (meter) => {
    for await (const chunk of source.open({ reuse: true, signal })) {
      signer.update(chunk)
      meter.add(chunk.length)
    }
  })
  return {
    img_signature: signer.sign(),
    img_signature_hash_method: 'SHA-256',
    img_signature_key_type: 'RSA-PSS',
    img_signature_certificate_uuid: certificateId,
  }
}
