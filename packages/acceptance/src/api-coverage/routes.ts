import { contract, type Coverage, server, without } from './coverage.js'
import { metadefRoutes } from './metadef-routes.js'

type Row = readonly [Coverage['method'], string, string, Coverage['sdk'], Coverage['command'], Coverage['test']]

const noVersion = without('what a cloud can do is tried: versions say less than routes do')
const versions = contract('images-record', 'versions are told without a token')
const memberRights = contract('members', 'the owner sees all members, a member itself alone')
const removed = contract('members', 'the owner removes a member, once; the member does not remove itself')
const imported = server(
  'imports/imports',
  'staged bytes are imported into the stores that were asked for, in their order',
)
const allTasks = server(
  'tasks/tasks',
  'an admin sees the tasks of all projects in pages, the newest first, and one with all that is known of it',
)
const stores = server('info/info', 'several stores are listed, what is true of them as text; details are for admins')
const onlyAdmins = contract('cache', 'only admins use the cache')
const schemas = contract('images-record', 'the schemas of images and members are there')

const rows: readonly Row[] = [
  ['GET', '/', '1.0', noVersion, noVersion, versions],
  ['GET', '/versions', '1.0', noVersion, noVersion, versions],
  [
    'POST',
    '/v2/images',
    '2.0',
    'images.create',
    'create',
    contract('images-create', 'fields, tags and properties come back as they were sent'),
  ],
  ['GET', '/v2/images', '2.0', 'images.list', 'list', contract('images-list', 'the newest image comes first, whole')],
  [
    'GET',
    '/v2/images/{image}',
    '2.0',
    'images.get',
    'show',
    contract('images-record', 'an image of another project is 404 to read, change and delete'),
  ],
  [
    'PATCH',
    '/v2/images/{image}',
    '2.0',
    'images.update',
    'set',
    contract('images-patch', 'operations are applied in order, all or none'),
  ],
  [
    'DELETE',
    '/v2/images/{image}',
    '2.0',
    'images.delete',
    'rm',
    contract('images-record', 'a protected image is not deleted'),
  ],
  [
    'POST',
    '/v2/images/{image}/actions/deactivate',
    '2.3',
    'images.deactivate',
    'deactivate',
    server(
      'actions/actions',
      'deactivating blocks the bytes until the image is reactivated; repeating changes nothing',
    ),
  ],
  [
    'POST',
    '/v2/images/{image}/actions/reactivate',
    '2.3',
    'images.reactivate',
    'reactivate',
    server(
      'actions/actions',
      'deactivating blocks the bytes until the image is reactivated; repeating changes nothing',
    ),
  ],
  ['GET', '/v2/images/{image}/tasks', '2.12', 'images.tasks.list', 'task list', imported],
  [
    'PUT',
    '/v2/images/{image}/file',
    '2.0',
    'images.upload',
    'upload',
    contract('data', 'stored data makes the image active, with its size and hashes'),
  ],
  [
    'GET',
    '/v2/images/{image}/file',
    '2.0',
    'images.download',
    'download',
    contract('data', 'data comes back byte for byte with the MD5 of the whole'),
  ],
  ['PUT', '/v2/images/{image}/stage', '2.6', 'images.stage', 'stage', imported],
  ['POST', '/v2/images/{image}/import', '2.6', 'images.import', 'import', imported],
  [
    'GET',
    '/v2/info/import',
    '2.6',
    'images.importMethods',
    'import-methods',
    contract('images-record', 'the import methods are listed'),
  ],
  ['GET', '/v2/images/{image}/members', '2.1', 'images.members.list', 'share list', memberRights],
  [
    'POST',
    '/v2/images/{image}/members',
    '2.1',
    'images.members.add',
    'share add',
    contract('members', 'the owner adds a project, which is pending'),
  ],
  ['GET', '/v2/images/{image}/members/{member}', '2.1', 'images.members.get', 'share show', memberRights],
  [
    'PUT',
    '/v2/images/{image}/members/{member}',
    '2.1',
    'images.members.setStatus',
    'share accept',
    contract('members', 'an admin sets it for the member'),
  ],
  ['DELETE', '/v2/images/{image}/members/{member}', '2.1', 'images.members.remove', 'share rm', removed],
  [
    'PUT',
    '/v2/images/{image}/tags/{tag}',
    '2.0',
    'images.tags.add',
    'tag add',
    contract('tags', 'a tag is put, put again to no effect, and deleted once'),
  ],
  [
    'DELETE',
    '/v2/images/{image}/tags/{tag}',
    '2.0',
    'images.tags.remove',
    'tag rm',
    contract('tags', 'a tag is put, put again to no effect, and deleted once'),
  ],
  [
    'POST',
    '/v2/images/{image}/locations',
    '2.17',
    'images.locations.add',
    'location add',
    contract('location-import', 'makes the image active with size and hashes'),
  ],
  [
    'GET',
    '/v2/images/{image}/locations',
    '2.17',
    'images.locations.list',
    'location list',
    contract('locations', 'the list of its own is for services'),
  ],
  ['GET', '/v2/info/stores', '2.8', 'images.stores.list', 'store list', stores],
  ['GET', '/v2/info/stores/detail', '2.15', 'images.stores.detail', 'store show', stores],
  [
    'DELETE',
    '/v2/stores/{store}/{image}',
    '2.10',
    'images.stores.deleteFrom',
    'store rm',
    server('imports/imports', 'a copy is removed from a store by an admin, but never the only one'),
  ],
  [
    'GET',
    '/v2/info/usage',
    '2.13',
    'images.usage.get',
    'usage',
    contract('usage', 'is empty without limits, for every role'),
  ],
  [
    'GET',
    '/v2/cache',
    '2.14',
    'images.cache.list',
    'cache list',
    contract('cache', 'a queued image is cached by itself'),
  ],
  [
    'PUT',
    '/v2/cache/{image}',
    '2.14',
    'images.cache.queue',
    'cache queue',
    contract('cache', 'a queued image is cached by itself'),
  ],
  [
    'DELETE',
    '/v2/cache/{image}',
    '2.14',
    'images.cache.remove',
    'cache rm',
    contract('cache', 'one copy is removed, and removing it again is no error'),
  ],
  [
    'DELETE',
    '/v2/cache',
    '2.14',
    'images.cache.clear',
    'cache clear',
    contract('cache', 'the queue alone can be cleared; an unknown target is 400'),
  ],
  [
    'POST',
    '/v2/cache/clean',
    '2.18',
    'images.cache.clean',
    'cache clean',
    contract('cache', 'clean responds with nothing, prune with what it removed'),
  ],
  [
    'POST',
    '/v2/cache/prune',
    '2.18',
    'images.cache.prune',
    'cache prune',
    contract('cache', 'clean responds with nothing, prune with what it removed'),
  ],
  [
    'GET',
    '/v2/cache/nodes/{image}',
    '2.18',
    'images.cache.nodes',
    without('it names servers, which the command line has no use for'),
    onlyAdmins,
  ],
  ['GET', '/v2/tasks', '2.2', 'images.tasks.all', 'task list', allTasks],
  [
    'POST',
    '/v2/tasks',
    '2.2',
    'images.tasks.create',
    without('deprecated: use import'),
    server('tasks/tasks', 'a task of type import creates an image from a URL'),
  ],
  ['GET', '/v2/tasks/{task}', '2.2', 'images.tasks.get', 'task show', allTasks],
  ...(['image', 'images', 'member', 'members', 'task', 'tasks'] as const).map((name): Row => [
    'GET',
    `/v2/schemas/${name}`,
    '2.0',
    'images.schemas.get',
    'schema show',
    schemas,
  ]),
]

/** Every route of Glance v2 up to v2.18 (glance/api/v2/router.py), in the order of its documentation. */
export const routes: readonly Coverage[] = [
  ...rows.map(([method, route, since, sdk, command, test]) => ({ method, route, since, sdk, command, test })),
  ...metadefRoutes,
]
