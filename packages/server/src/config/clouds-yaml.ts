import type { CloudConfig } from './cloud-config.js'

/** A clouds.yaml with an entry for every user, named like it; a user of several projects has `name-project` for the others. */
export function cloudsYaml(authUrl: string, { users, region }: CloudConfig): string {
  const seen = new Set<string>()
  const entries = users.map(({ name, password, project }) => {
    const entry = seen.has(name) ? `${name}-${project}` : name
    seen.add(name)
    // JSON's strings are YAML's, whatever is in a password.
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
