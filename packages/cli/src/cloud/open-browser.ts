/**
 * Opens a page in the person's browser: with the command in `BROWSER`, as for Python's webbrowser, otherwise with the
 * system's. Does not wait for it.
 */
export function openBrowser(url: string, env: NodeJS.ProcessEnv, onFailure: () => void): void {
  const command = commandFor(url, env)
  if (command === undefined) {
    onFailure()
    return
  }
  const { spawn } = process.getBuiltinModule('node:child_process')
  const [file = '', ...args] = command
  const browser = spawn(file, args, { detached: true, stdio: 'ignore', env })
  browser.once('error', onFailure)
  browser.once('exit', (code) => {
    if (code !== 0 && code !== null) onFailure()
  })
  browser.unref()
}

function commandFor(url: string, env: NodeJS.ProcessEnv): readonly string[] | undefined {
  const own = env['BROWSER']?.trim()
  if (own) {
    const words = own.split(/\s+/)
    return own.includes('%s') ? words.map((word) => word.replaceAll('%s', url)) : [...words, url]
  }
  if (process.platform === 'darwin') return ['open', url]
  // Unlike `start`, it does not interpret the characters of a URL.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : undefined
}
