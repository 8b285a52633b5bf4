import type { CommandEntry } from '../command/define-command.js'

/** Every command, in the order of `tyrax --help`. Each is loaded when it is typed. */
export const commandEntries: readonly CommandEntry[] = [
  entry('create', 'Create an image, with data or without', async () => (await import('./create.js')).create),
  entry(
    'ensure',
    'Create an image, unless it is there with the same data',
    async () => (await import('./ensure.js')).ensure,
  ),
  entry('upload', 'Send data to an image that has none', async () => (await import('./upload.js')).upload),
  entry('import', 'Let the server import data into an image', async () => (await import('./import.js')).importCommand),
  entry(
    'import-methods',
    'List the import methods of the cloud',
    async () => (await import('./import-methods.js')).importMethods,
  ),
  entry(
    'stage',
    "Send data to the server's staging area, to import it later",
    async () => (await import('./stage.js')).stage,
  ),
  entry('wait', 'Wait for an image, and for an import to end', async () => (await import('./wait.js')).wait),
  entry('download', "Download an image's data, verified", async () => (await import('./download.js')).download),
  entry('copy', 'Copy images, objects and files between clouds', async () => (await import('./copy.js')).copy),
  entry(
    'inspect',
    'Inspect a disk image: format, virtual size, safety',
    async () => (await import('./inspect.js')).inspect,
  ),
  entry('list', 'List images', async () => (await import('./list.js')).list),
  entry('show', 'Show one image', async () => (await import('./show.js')).show),
  entry('set', 'Change images', async () => (await import('./set.js')).set),
  entry('unset', 'Remove properties and tags from images', async () => (await import('./unset.js')).unset),
  entry('deactivate', 'Block downloads of images', async () => (await import('./activation.js')).deactivate),
  entry(
    'reactivate',
    'Allow downloads of deactivated images again',
    async () => (await import('./activation.js')).reactivate,
  ),
  entry('rm', 'Delete images', async () => (await import('./rm.js')).rm),
  entry('share add', 'Share an image with a project', async () => (await import('./share-add.js')).shareAdd),
  entry(
    'share list',
    'List the projects that an image is shared with',
    async () => (await import('./share-list.js')).shareList,
  ),
  entry(
    'share show',
    'Show what a project decided about a shared image',
    async () => (await import('./share-show.js')).shareShow,
  ),
  entry('share accept', 'Accept a shared image', async () => (await import('./share-answer.js')).shareAccept),
  entry('share reject', 'Reject a shared image', async () => (await import('./share-answer.js')).shareReject),
  entry(
    'share reset',
    'Take back a decision on a shared image',
    async () => (await import('./share-answer.js')).shareReset,
  ),
  entry('share rm', 'Stop sharing with a project', async () => (await import('./share-rm.js')).shareRm),
  entry(
    'share inbox',
    'List images offered to this project',
    async () => (await import('./share-inbox.js')).shareInbox,
  ),
  entry('tag add', 'Add tags to an image', async () => (await import('./tag-add.js')).tagAdd),
  entry('tag rm', 'Remove tags from an image', async () => (await import('./tag-rm.js')).tagRm),
  entry('tag list', 'List the tags of an image', async () => (await import('./tag-list.js')).tagList),
  entry('store list', 'List the stores of the cloud', async () => (await import('./store-list.js')).storeList),
  entry('store show', 'Show a store', async () => (await import('./store-show.js')).storeShow),
  entry('store rm', 'Delete the copy of an image in a store', async () => (await import('./store-rm.js')).storeRm),
  entry(
    'task list',
    'List what the server does in the background',
    async () => (await import('./task-list.js')).taskList,
  ),
  entry('task show', 'Show a task', async () => (await import('./task-show.js')).taskShow),
  entry(
    'location list',
    "List the addresses of an image's data",
    async () => (await import('./location-list.js')).locationList,
  ),
  entry(
    'location add',
    'Give an image the data at an address',
    async () => (await import('./location-add.js')).locationAdd,
  ),
  entry('location rm', 'Remove an address from an image', async () => (await import('./location-rm.js')).locationRm),
  entry(
    'object container create',
    'Create containers',
    async () => (await import('./object-container-create.js')).objectContainerCreate,
  ),
  entry(
    'object container rm',
    'Delete containers',
    async () => (await import('./object-container-rm.js')).objectContainerRm,
  ),
  entry(
    'object container show',
    'Show a container',
    async () => (await import('./object-metadata.js')).objectContainerShow,
  ),
  entry(
    'object container set',
    'Set metadata of a container',
    async () => (await import('./object-metadata.js')).objectContainerSet,
  ),
  entry(
    'object container unset',
    'Remove metadata from a container',
    async () => (await import('./object-metadata.js')).objectContainerUnset,
  ),
  entry('object put', 'Store a file of any size as an object', async () => (await import('./object-put.js')).objectPut),
  entry('object get', 'Download an object, verified', async () => (await import('./object-get.js')).objectGet),
  entry(
    'object list',
    'List containers, or the objects of one',
    async () => (await import('./object-list.js')).objectList,
  ),
  entry('object stat', 'Show an object', async () => (await import('./object-stat.js')).objectStat),
  entry('object set', 'Set metadata of an object', async () => (await import('./object-metadata.js')).objectSet),
  entry(
    'object unset',
    'Remove metadata from an object',
    async () => (await import('./object-metadata.js')).objectUnset,
  ),
  entry('object rm', 'Delete objects', async () => (await import('./object-rm.js')).objectRm),
  entry(
    'object gc',
    'Delete segments that killed uploads left behind',
    async () => (await import('./object-gc.js')).objectGc,
  ),
  entry('usage', 'Show what the project uses of its image quotas', async () => (await import('./usage.js')).usage),
  entry(
    'schema show',
    'Show a schema document of the image service',
    async () => (await import('./schema-show.js')).schemaShow,
  ),
  entry('schema output', 'Print the JSON schema of what commands print with -f json', async () =>
    (await import('./schema-output.js')).schemaOutput(commandEntries),
  ),
  entry('cache list', 'List cached and queued images', async () => (await import('./cache-list.js')).cacheList),
  entry('cache queue', 'Queue images for the cache', async () => (await import('./cache-queue.js')).cacheQueue),
  entry('cache rm', 'Remove images from the cache and its queue', async () => (await import('./cache-rm.js')).cacheRm),
  entry('cache clear', 'Empty the cache and its queue', async () => (await import('./cache-clear.js')).cacheClear),
  entry(
    'cache clean',
    'Remove failed and stalled copies from the cache',
    async () => (await import('./cache-clean.js')).cacheClean,
  ),
  entry(
    'cache prune',
    'Reduce the cache to its configured size',
    async () => (await import('./cache-prune.js')).cachePrune,
  ),
  entry(
    'metadef namespace list',
    'List namespaces of metadata definitions',
    async () => (await import('./metadef-namespace.js')).metadefNamespaceList,
  ),
  entry(
    'metadef namespace show',
    'Show a namespace and the names of what is in it',
    async () => (await import('./metadef-namespace.js')).metadefNamespaceShow,
  ),
  entry(
    'metadef namespace create',
    'Create an empty namespace',
    async () => (await import('./metadef-namespace.js')).metadefNamespaceCreate,
  ),
  entry(
    'metadef namespace set',
    'Change a namespace',
    async () => (await import('./metadef-namespace.js')).metadefNamespaceSet,
  ),
  entry(
    'metadef namespace rm',
    'Delete namespaces with everything in them',
    async () => (await import('./metadef-namespace.js')).metadefNamespaceRm,
  ),
  entry(
    'metadef namespace export',
    'Print a whole namespace',
    async () => (await import('./metadef-transfer.js')).metadefNamespaceExport,
  ),
  entry(
    'metadef namespace import',
    'Create a whole namespace from JSON',
    async () => (await import('./metadef-transfer.js')).metadefNamespaceImport,
  ),
  entry(
    'metadef property list',
    'List the properties of a namespace',
    async () => (await import('./metadef-property.js')).metadefPropertyList,
  ),
  entry(
    'metadef property show',
    'Show a property of a namespace',
    async () => (await import('./metadef-property.js')).metadefPropertyShow,
  ),
  entry(
    'metadef property create',
    'Add a property to a namespace',
    async () => (await import('./metadef-property.js')).metadefPropertyCreate,
  ),
  entry(
    'metadef property set',
    'Change a property of a namespace',
    async () => (await import('./metadef-property.js')).metadefPropertySet,
  ),
  entry(
    'metadef property rm',
    'Remove properties from a namespace',
    async () => (await import('./metadef-property.js')).metadefPropertyRm,
  ),
  entry(
    'metadef object list',
    'List the objects of a namespace',
    async () => (await import('./metadef-object.js')).metadefObjectList,
  ),
  entry(
    'metadef object show',
    'Show an object of a namespace',
    async () => (await import('./metadef-object.js')).metadefObjectShow,
  ),
  entry(
    'metadef object create',
    'Add an object to a namespace',
    async () => (await import('./metadef-object.js')).metadefObjectCreate,
  ),
  entry(
    'metadef object set',
    'Change an object of a namespace',
    async () => (await import('./metadef-object.js')).metadefObjectSet,
  ),
  entry(
    'metadef object rm',
    'Remove objects from a namespace',
    async () => (await import('./metadef-object.js')).metadefObjectRm,
  ),
  entry(
    'metadef tag list',
    'List the tags of a namespace',
    async () => (await import('./metadef-tag.js')).metadefTagList,
  ),
  entry('metadef tag show', 'Show a tag of a namespace', async () => (await import('./metadef-tag.js')).metadefTagShow),
  entry('metadef tag add', 'Add tags to a namespace', async () => (await import('./metadef-tag.js')).metadefTagAdd),
  entry(
    'metadef tag rename',
    'Rename a tag of a namespace',
    async () => (await import('./metadef-tag.js')).metadefTagRename,
  ),
  entry('metadef tag rm', 'Remove tags from a namespace', async () => (await import('./metadef-tag.js')).metadefTagRm),
  entry(
    'metadef resource-type list',
    'List types of resources, or those that a namespace is meant for',
    async () => (await import('./metadef-resource-type.js')).metadefResourceTypeList,
  ),
  entry(
    'metadef resource-type add',
    'Declare which type of resource a namespace is meant for',
    async () => (await import('./metadef-resource-type.js')).metadefResourceTypeAdd,
  ),
  entry(
    'metadef resource-type rm',
    'The reverse of resource-type add',
    async () => (await import('./metadef-resource-type.js')).metadefResourceTypeRm,
  ),
  entry('auth token', 'Print a token', async () => (await import('./auth-token.js')).authToken),
  entry(
    'auth check',
    'Show which settings are used and try them',
    async () => (await import('./auth-check.js')).authCheck,
  ),
  entry(
    'config explain',
    'Show where every setting comes from',
    async () => (await import('./config-explain.js')).configExplain,
  ),
  entry(
    'doctor',
    'Check the configuration, the network and the cloud',
    async () => (await import('./doctor.js')).doctor,
  ),
  entry('gc', 'Delete what killed uploads and downloads left behind', async () => (await import('./gc.js')).gc),
  entry(
    'completion',
    'Print a completion script for a shell',
    async () => (await import('./completion.js')).completion,
  ),
  entry('serve', 'Run the embedded cloud', async () => (await import('./serve.js')).serve),
]

function entry(words: string, summary: string, load: CommandEntry['load']): CommandEntry {
  return { path: words.split(' '), summary, load }
}
