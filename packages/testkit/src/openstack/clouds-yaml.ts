import { writeFile } from 'node:fs/promises'
import type { CloudLogin } from './seed.js'

/** Writes a clouds.yaml with one entry per login, readable only by its owner. */
export async function writeCloudsYaml(
  file: string,
  authUrl: string,
  region: string,
  logins: readonly CloudLogin[],
): Promise<void> {
  const entries = logins.map(({ cloud, username, password, projectName }) =>
    [
      `  ${cloud}:`,
      '    auth:',
      `      auth_url: ${authUrl}`,
      `      username: ${username}`,
      `      password: ${JSON.stringify(password)}`,
      `      project_name: ${projectName}`,
      '      user_domain_id: default',
      '      project_domain_id: default',
      `    region_name: ${region}`,
      "    identity_api_version: '3'",
      '    interface: public',
    ].join('\n'),
  )
  await writeFile(file, `clouds:\n${entries.join('\n')}\n`, { mode: 0o600 })
}
