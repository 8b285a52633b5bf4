import { type Cloud, type ImageCreateParams, type ImportOptions, isNotFound, type Source } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { withoutUndefined } from '../command/option.js'
import type { ItemResult } from '../output/result.js'
import { imageRow } from '../resources/image.js'
import { checkStores } from '../resources/store.js'
import { importedItem, importedRow } from '../transfer/imported.js'
import { noteSource, noteVerdict, noteWarning, sourceRow, warnDamaged } from '../transfer/notes.js'

/** What the server imports into a new record, and where to. */
export interface ImportedData {
  readonly source: Source | undefined
  readonly uri: string | undefined
  readonly stores: readonly string[] | undefined
  readonly allStores: boolean | undefined
  readonly allowPartial: boolean | undefined
}

/** How the data is read and sent, as for an upload. */
type Sending = Pick<
  ImageCreateParams,
  'force' | 'sourceChecksum' | 'decompress' | 'limitRate' | 'timeouts' | 'keepOnFailure'
> &
  Pick<ImportOptions, 'diskFormat'>

/** Creates a record, and lets the server import its data. A record whose import fails is removed. */
export async function createImported(
  context: Context,
  cloud: Cloud,
  fields: ImageCreateParams,
  data: ImportedData,
  { diskFormat, keepOnFailure, ...sending }: Sending,
): Promise<ItemResult> {
  const { signal } = context
  const { source, uri, stores, allStores, allowPartial } = data
  await checkStores(cloud, stores ?? [], signal)
  const display = await context.progress(fields.name)
  // A protected record could not be removed when the import fails.
  const { protected: isProtected, ...others } = fields
  const record = await cloud.images.create({
    ...others,
    diskFormat: diskFormat === 'auto' ? null : (diskFormat ?? null),
  })
  try {
    const result = await cloud.images.import(
      record,
      withoutUndefined({
        ...sending,
        via: uri === undefined ? ('direct' as const) : ('web' as const),
        uri,
        source,
        stores,
        allStores,
        allStoresMustSucceed: allowPartial ? false : undefined,
        diskFormat,
        wait: true,
        onWarning: noteWarning(context),
        onDamaged: warnDamaged(context),
        onProgress: display.report.bind(display),
        signal,
      }),
    )
    display.done()
    noteSource(context, result)
    if (uri === undefined) noteVerdict(context, result.image, result.verdict)
    const image = isProtected ? await cloud.images.update(result.image, { protected: true }, { signal }) : result.image
    const row = { ...imageRow(image), ...sourceRow(result), ...importedRow(result) }
    return importedItem(context, row, result.storeResults)
  } catch (error) {
    if (!keepOnFailure) await remove(cloud, record.id)
    throw error
  }
}

/** The signal that stopped the command must not stop the clean-up. */
async function remove({ images }: Cloud, id: string): Promise<void> {
  try {
    await images.delete(id, { signal: AbortSignal.timeout(60_000) })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
