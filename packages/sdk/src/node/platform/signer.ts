import { constants, createPrivateKey, createSign, type KeyObject } from 'node:crypto'
import { UsageError } from '../../errors/tyrax-error.js'
import type { DataSigner, SigningKey } from '../../platform/platform.js'

/**
 * RSA-PSS with SHA-256 and the longest salt, as cursive verifies it (cursive/signature_utils.py) and openstacksdk makes
 * it (openstack/image/image_signer.py).
 */
export function createSigner({ pem, passphrase }: SigningKey): DataSigner {
  const key = privateKey(pem, passphrase)
  const sign = createSign('sha256')
  return {
    update: (chunk) => void sign.update(chunk),
    sign: () =>
      sign.sign(
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN },
        'base64',
      ),
  }
}

function privateKey(pem: string, passphrase: string | undefined): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) })
  } catch (cause) {
    const isLocked = /ENCRYPTED/.test(pem)
    throw new UsageError(
      isLocked
        ? 'the passphrase of the signing key is wrong, or missing'
        : 'the signing key is not a private key in PEM',
      {
        cause,
        hint: isLocked
          ? 'give the passphrase of the key'
          : 'give the file of an RSA key that begins with -----BEGIN PRIVATE KEY-----',
      },
    )
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new UsageError(`the signing key is of type ${key.asymmetricKeyType}: images are signed with RSA keys`)
  }
  return key
}
