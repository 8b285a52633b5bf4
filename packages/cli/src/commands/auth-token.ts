import { AuthRequired } from '../errors.js'
import { defineCommand } from '../command/define-command.js'
import { wireTime } from '../output/cells.js'
import { item } from '../output/result.js'

export const authToken = defineCommand({
  summary: 'Print a token',
  description: 'Prints a token for other clients. Anyone who has it can act as you until it expires.',
  examples: [
    {
      run: 'curl -H "X-Auth-Token: $(tyrax auth token -f id)" https://glance.example.org/v2/images',
      does: 'call a service by hand',
    },
  ],
  args: {},
  options: {},
  columns: { names: ['id', 'expires', 'project_id', 'user_id'] },
  async run(context) {
    const cloud = await context.connect()
    const { token: id, expiresAt, projectId, userId } = await cloud.identity.grant(context.signal)
    if (id === undefined) throw new AuthRequired('This cloud is used without authentication, so there is no token')
    return item({
      id,
      expires: expiresAt === undefined ? null : wireTime(new Date(expiresAt)),
      project_id: projectId ?? null,
      user_id: userId ?? null,
    })
  },
})
