/** How the embedded cloud's own first user logs in. */
export const embeddedUser = {
  username: 'demo',
  password: 'secret',
  projectName: 'demo',
  userDomainName: 'Default',
  projectDomainName: 'Default',
} as const
