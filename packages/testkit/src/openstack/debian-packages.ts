import { access } from 'node:fs/promises'
import { runCommand } from './command.js'
import { LaunchError } from './launch-error.js'

const wanted = [
  { package: 'memcached', files: ['/usr/bin/memcached'] },
  {
    package: 'liberasurecode1',
    files: ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((arch) => `/usr/lib/${arch}/liberasurecode.so.1`),
  },
] as const

/**
 * Ensures that memcached and liberasurecode are there, which PyPI does not have: installs them if we are allowed to.
 * @throws LaunchError that names what to install if we are not.
 */
export async function installDebianPackages(): Promise<void> {
  const missing: string[] = []
  for (const { package: name, files } of wanted) {
    const present = await Promise.all(
      files.map((file) =>
        access(file).then(
          () => true,
          () => false,
        ),
      ),
    )
    if (!present.includes(true)) missing.push(name)
  }
  if (missing.length === 0) return
  const advice = `Install ${missing.join(' and ')}: apt-get install ${missing.join(' ')}`
  if (process.getuid?.() !== 0) throw new LaunchError(`The real services need packages that are not here. ${advice}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    await runCommand('apt-get', ['update', '-qq'], { env, timeoutSeconds: 180 })
    await runCommand('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
      env,
      timeoutSeconds: 300,
    })
  } catch (error) {
    throw new LaunchError(`The packages that the real services need could not be installed. ${advice}`, {
      cause: error,
    })
  }
}
