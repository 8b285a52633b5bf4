import type { CloudConfig } from './cloud-config.js'

/**
 * A clouds.yaml with an entry named after each user; the further projects of a user have entries named `name-project`.
 */
export function cloudsYaml(authUrl: string, { users, region }: CloudConfig): string {
  const seen = new Set<string>()
  const entries = users.map(({ name, password, project }) => {
    const entry = seen.has(name) ? `${name}-${project}` : name
    seen.add(name)
    // Every JSON string is also a YAML string, whatever characters a password has.
    return [
      `  ${JSON.stringify(entry)}:`,
      '    auth:',
      `      auth_url: ${JSON.stringify(authUrl)}`,
      `      username: ${JSON.stringify(name)}`,
      `      password: ${JSON.stringify(password)}`,
      `      project_name: ${JSON.stringify(project)}`,
      '      user_domain_name: Default',
      '      project_domain_name: Default',
      `    region_name: ${JSON.stringify(region)}`,
      '    identity_api_version: "3"',
      '    interface: public',
    ].join('\n')
  })
  return `clouds:\n${entries.join('\n')}\n`
}
