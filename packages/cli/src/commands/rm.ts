import { type Cloud, type Image, isConflict, isForbidden, isNotFound } from '@tyrax/sdk'
import { addHint } from '@tyrax/sdk/internal'
import { changeImages } from '../bulk/change-images.js'
import { bulkImages, bulkOptions, bulkRecord } from '../bulk/options.js'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'

export const rm = defineCommand({
  summary: 'Delete images',
  description:
    'Deletes images that are named, or that a selector selects: conditions such as tag=ci,age>30d, of which all must hold.\n' +
    'A selector selects only images of this project, and asks before they are deleted. If some images cannot be deleted,\n' +
    'the others still are, and the exit code is 9. Protected images stay, except with --unprotect.',
  examples: [
    { run: 'tyrax rm debian-12', does: 'one, by name' },
    { run: "tyrax rm 'tag=ci,age>30d' --dry-run", does: 'what is tagged and older than 30 days: only show it' },
    { run: "tyrax rm 'tag=ci,age>30d' --yes -f json", does: 'delete it, and print what became of each' },
  ],
  args: { images: bulkImages },
  options: {
    ...bulkOptions,
    ifExists: option.flag('--if-exists', 'ignore images that do not exist'),
    unprotect: option.flag('--unprotect', 'delete protected images too'),
  },
  prints: 'list',
  columns: bulkRecord,
  run(context, { args, options }) {
    const { signal } = context
    const { ifExists = false, unprotect = false } = options
    // What may be gone already is only meant by its name or its whole id.
    const how = { references: args.images, options, ifExists, idPrefix: !ifExists, prints: 'asked' } as const
    return changeImages(context, how, (cloud) => ({
      action: 'delete',
      done: 'deleted',
      plan: (image) => (image.protected && !unprotect ? 'protected' : 'planned'),
      act: (image) => remove(cloud, image, { unprotect, signal }),
    }))
  },
})

async function remove(
  { images }: Cloud,
  image: Image,
  { unprotect, signal }: { readonly unprotect: boolean; readonly signal: AbortSignal },
): Promise<'gone' | undefined> {
  const isLifted = image.protected && unprotect
  try {
    if (isLifted) await images.update(image.id, { protected: false }, { signal })
    await images.delete(image, { signal })
    return undefined
  } catch (error) {
    // Another client deleted it first.
    if (isNotFound(error)) return 'gone'
    if (isLifted) await protectAgain(images, image, error)
    // The general hint is about roles.
    if (isForbidden(error) && image.protected) error.hint = protectedHint
    if (isConflict(error)) {
      addHint(
        error,
        `servers, volumes or snapshots that were made from it still use its data: delete these first, or take it out of lists with tyrax set ${image.id} --hidden`,
      )
    }
    throw error
  }
}

const protectedHint =
  'use --unprotect to delete protected images too, or protected=false in a selector to leave them out'

/** An image that could not be deleted is as it was before. */
async function protectAgain(images: Cloud['images'], { id }: Image, error: unknown): Promise<void> {
  try {
    await images.update(id, { protected: true })
  } catch (reason) {
    addHint(error, `${id} is no longer protected (${reason instanceof Error ? reason.message : String(reason)})`)
  }
}
