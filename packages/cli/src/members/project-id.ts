import { NoMatchError, type Cloud } from '@tyrax/sdk'

/**
 * The id of a project given by id or name. What looks like one of Keystone's ids is taken as it is: an owner may share
 * with projects that it may not look up.
 * @throws NoMatchError, NoUniqueMatch
 */
export async function projectId(cloud: Cloud, reference: string, signal: AbortSignal): Promise<string> {
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(reference)) return reference
  if (reference === '') throw new NoMatchError('PROJECT is empty', { hint: 'give the id or name of a project' })
  return (await cloud.identity.findProject(reference, signal)).id
}
