import { readFile } from 'node:fs/promises'
import { type ImageSigning, UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { pathOf } from './sources.js'

interface SignFlags {
  readonly signKeyPath?: string | undefined
  readonly signCertId?: string | undefined
}

/**
 * How `--sign-key-path` and `--sign-cert-id` want the data signed. The passphrase of an encrypted key comes from
 * TYRAX_SIGN_PASSPHRASE, because an argument could be read by other users.
 * @throws UsageError
 */
export async function signingOf(context: Context, flags: SignFlags): Promise<ImageSigning | undefined> {
  const { signKeyPath: file, signCertId: certificateId } = flags
  if (file === undefined || certificateId === undefined) return undefined
  const key = await readFile(pathOf(context, file), 'utf8').catch((cause: unknown) => {
    throw new UsageError(`the signing key ${file} cannot be read`, { cause })
  })
  if (!key.includes('ENCRYPTED')) return { key, certificateId }
  const passphrase = context.env['TYRAX_SIGN_PASSPHRASE'] ?? (await ask(context, file))
  return { key, certificateId, passphrase }
}

async function ask(context: Context, file: string): Promise<string> {
  if (!context.surroundings.stdin.isTTY || !context.surroundings.stderr.isTTY) {
    throw new UsageError(`the signing key ${file} is encrypted`, {
      hint: 'set its passphrase as TYRAX_SIGN_PASSPHRASE, or run tyrax on a terminal',
    })
  }
  const { askSecret } = await import('./ask.js')
  return askSecret(context, `passphrase of ${file}`)
}
