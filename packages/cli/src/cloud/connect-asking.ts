import { type Cloud, ConfigError, connect, type ConnectOptions } from '@tyrax/sdk'
import { addHint } from '@tyrax/sdk/internal'
import type { Context } from '../command/context.js'
import { canAsk } from './attended.js'
import { optionOf } from './option-of.js'

/** What can be asked for, by its key, in the words of the question. */
const labels: Readonly<Record<string, string>> = {
  password: 'Password',
  application_credential_secret: 'Secret of the application credential',
  client_secret: 'Secret of the client',
  access_token: 'Access token',
  passcode: 'Passcode',
  code: 'Code',
}

/** Connects; on a terminal, a secret that is missing is asked for. */
export async function connectAsking(context: Context, options: ConnectOptions): Promise<Cloud> {
  const answers: Record<string, string> = {}
  for (;;) {
    try {
      return await connect(Object.keys(answers).length === 0 ? options : withAnswers(options, answers))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const key = error.missing?.find((each) => labels[each] !== undefined)
      if (key === undefined || answers[key] !== undefined) throw error
      if (!canAsk(context)) {
        if (context.globals.passwordStdin) addHint(error, 'the first line of standard input was empty')
        // For a cloud that is described by flags alone, the hint names it already.
        else if (!error.hint?.startsWith('set auth.')) addHint(error, 'or use --password-stdin')
        throw error
      }
      const { askSecret } = await import('../input/ask.js')
      const of = options.cloud === undefined ? '' : ` for ${options.cloud}`
      const answer = await askSecret(context, `${labels[key] ?? key}${of}`)
      if (answer === '') throw error
      answers[key] = answer
    }
  }
}

function withAnswers(options: ConnectOptions, answers: Readonly<Record<string, string>>): ConnectOptions {
  const given = Object.fromEntries(Object.entries(answers).map(([key, value]) => [optionOf(key), value]))
  return { ...options, auth: { ...options.auth, ...given } }
}
