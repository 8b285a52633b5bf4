import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** The shells that are typed into, and how each is started with nothing but the completion of tyrax. */
export const shells = {
  bash: {
    file: '.bashrc',
    text: `PS1='READY '\nsource <(tyrax completion bash)`,
    command: 'bash --noprofile --rcfile .bashrc -i',
  },
  zsh: {
    file: '.zshrc',
    text: `PS1='READY '\nautoload -U compinit && compinit -u\nsource <(tyrax completion zsh)`,
    command: 'zsh -i',
  },
  fish: {
    file: '.config/fish/config.fish',
    text: `function fish_prompt; echo -n 'READY '; end\nfunction fish_greeting; end\ntyrax completion fish | source`,
    command: 'fish -i',
  },
} as const

/** A terminal with a shell in which tyrax prints the arguments that it gets, except when it completes. */
export interface Terminal {
  /** Types keys and Enter. @returns the arguments that tyrax got, and what was on the screen */
  type(keys: string): Promise<{ readonly args: readonly string[]; readonly screen: string }>
  [Symbol.asyncDispose](): Promise<void>
}

export async function openTerminal(
  shell: keyof typeof shells,
  bin: string,
  env: Readonly<Record<string, string>>,
): Promise<Terminal> {
  const home = await mkdtemp(path.join(tmpdir(), 'tyrax-typing-'))
  const { file, text, command } = shells[shell]
  await mkdir(path.join(home, path.dirname(file)), { recursive: true })
  await mkdir(path.join(home, 'bin'))
  await writeFile(path.join(home, file), `${text}\n`)
  for (const name of ['disk one.qcow2', 'disk-two.qcow2']) await writeFile(path.join(home, name), 'disk')
  await mkdir(path.join(home, 'data'))
  const tyrax = path.join(home, 'bin/tyrax')
  await writeFile(
    tyrax,
    `#!/bin/sh\ncase $1 in __complete | completion) exec '${process.execPath}' '${bin}' "$@" ;; esac\nprintf '<%s>\\n' "$@"\nprintf 'THE%s\\n' END\n`,
  )
  await chmod(tyrax, 0o755)
  const terminal = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    cwd: home,
    env: {
      PATH: `${path.dirname(tyrax)}:${process.env['PATH']}`,
      HOME: home,
      ZDOTDIR: home,
      TERM: 'xterm',
      LANG: 'C.UTF-8',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => terminal.on('close', () => resolve()))
  let screen = ''
  let onText = () => {}
  terminal.stdout.setEncoding('utf8').on('data', (data: string) => {
    screen += data
    onText()
  })
  const shows = (expected: RegExp) =>
    new Promise<void>((resolve) => {
      onText = () => {
        if (expected.test(screen)) resolve()
      }
      onText()
    })
  await shows(/READY/)
  return {
    async type(keys) {
      screen = ''
      terminal.stdin.write(`${keys}\r`)
      await shows(/THEEND[^]*READY/)
      const seen = screen
      return { args: [...seen.matchAll(/^<(.*)>\r?$/gm)].map(([, word = '']) => word), screen: seen }
    },
    async [Symbol.asyncDispose]() {
      terminal.kill()
      await ended
      await rm(home, { recursive: true, force: true })
    },
  }
}
