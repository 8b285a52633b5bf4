import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { bashScript } from '../completion/scripts/bash.js'
import { fishScript } from '../completion/scripts/fish.js'
import { powershellScript } from '../completion/scripts/powershell.js'
import { zshScript } from '../completion/scripts/zsh.js'
import { noColumns } from '../output/columns.js'
import { text } from '../output/result.js'

const scripts: Readonly<Record<string, string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
}

const shells = Object.keys(scripts)

export const completion = defineCommand({
  summary: 'Print a completion script for a shell',
  description:
    'Prints a script that completes commands, options, and names of images, clouds, containers and more. It asks tyrax,\n' +
    'so that it stays current. Names are kept for half a minute in a file that only you can read; nothing is started\n' +
    'for them, and nothing is asked.',
  examples: [
    {
      run: 'tyrax completion bash > ~/.local/share/bash-completion/completions/tyrax',
      does: 'bash, from the next shell on',
    },
    { run: 'tyrax completion zsh > ~/.zfunc/_tyrax', does: 'zsh, where ~/.zfunc is in fpath' },
    { run: 'tyrax completion fish > ~/.config/fish/completions/tyrax.fish', does: 'fish' },
    { run: 'tyrax completion powershell >> $PROFILE', does: 'PowerShell' },
  ],
  args: { shell: ['<shell>', shells.join(', '), shells] },
  options: {},
  columns: noColumns,
  isLocal: true,
  check({ args }) {
    if (scripts[args.shell] !== undefined) return
    throw new UsageError(`There is no completion for ${JSON.stringify(args.shell)}`, {
      hint: `the shells are ${shells.join(', ')}`,
    })
  },
  async run(_, { args }) {
    return text(scripts[args.shell] ?? '')
  },
})
