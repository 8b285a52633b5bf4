import type { Cloud, Image } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { confirm, type Named, requireAttended } from '../input/confirm.js'
import type { Result, Row } from '../output/result.js'
import { readReference } from '../selectors/parse-selector.js'
import { inParallel } from './in-parallel.js'
import { type Outcome, resultOf } from './outcome.js'
import { findTargets, type Target } from './targets.js'

/** Which images, and how they are handled. */
export interface Bulk {
  readonly references: readonly string[]
  readonly options: {
    readonly dryRun: boolean | undefined
    readonly yes: boolean | undefined
    readonly concurrency: number | undefined
  }
  /** Whose images a selector selects. @default 'own' */
  readonly scope?: 'own' | 'visible'
  /** @default true */
  readonly idPrefix?: boolean
  /** Whether a person is asked before selected images are changed. @default true */
  readonly asks?: boolean
  /** Whether images that do not exist are only noted. @default false */
  readonly ifExists?: boolean
  /** `item`: one image by its name is printed as one record. `asked`: records are printed when a format is chosen. */
  readonly prints: 'item' | 'asked'
}

/** What is done to each image. */
export interface Change {
  /** For the question and the plan: `delete`. */
  readonly action: string
  /** For the note: `deleted`; absent for none. */
  readonly done?: string
  /** Before anything is changed: all images are known. @throws UsageError when they cannot be changed together */
  readonly check?: (images: readonly Image[]) => void
  /** What a plan says of an image. @default 'planned' */
  readonly plan?: (image: Image) => 'planned' | 'protected'
  /** Resolves to the record to print, to `gone` when there is nothing to do any more, or to nothing. */
  readonly act: (image: Image) => Promise<Row | 'gone' | undefined>
}

const defaultConcurrency = 4

/**
 * Changes images that are named or selected. All are found before the first is changed; selected ones are changed only
 * when a person agrees or `--yes` is given. A failure does not prevent the rest.
 */
export async function changeImages(
  context: Context,
  bulk: Bulk,
  prepare: (cloud: Cloud) => Change | Promise<Change>,
): Promise<Result> {
  const { options, scope = 'own', idPrefix = true, asks = true } = bulk
  const references = bulk.references.map((text) => readReference(text))
  const hasSelector = references.some(({ kind }) => kind === 'selector')
  const mustAsk = asks && hasSelector && !options.yes && !options.dryRun
  if (mustAsk) requireAttended(context, 'a selector')
  const cloud = await context.connect()
  const change = await prepare(cloud)
  const targets = await findTargets(context, cloud, references, { scope, idPrefix, isChange: asks })
  const selected = targets.flatMap((target) => ('image' in target && target.isSelected ? target.image : []))
  change.check?.(targets.flatMap((target) => ('image' in target ? target.image : [])))
  if (mustAsk && selected.length > 0) await confirm(context, shown(selected), questionOf(change.action, selected))
  const outcomes = options.dryRun
    ? targets.map((target) => planned(target, change))
    : await actOnAll(context, targets, change, options.concurrency ?? defaultConcurrency)
  return resultOf(context, outcomes, { ...bulk, action: change.action, hasSelector, isPlan: options.dryRun ?? false })
}

function planned(target: Target, { plan }: Change): Outcome {
  return 'error' in target ? failed(target) : { ...target, result: plan?.(target.image) ?? 'planned' }
}

function failed(target: Target & { readonly error: unknown }): Outcome {
  return { reference: target.reference, result: 'failed', error: target.error }
}

async function actOnAll(
  context: Context,
  targets: readonly Target[],
  { act, done }: Change,
  concurrency: number,
): Promise<Outcome[]> {
  const { signal } = context
  const outcomes = await inParallel(targets, concurrency, async (target): Promise<Outcome> => {
    if ('error' in target) return failed(target)
    signal.throwIfAborted()
    try {
      const { image } = target
      const row = await act(image)
      if (row === 'gone') return { ...target, result: 'skipped' }
      if (done !== undefined) context.note(`${done} ${image.id} ${image.name ?? ''}`.trimEnd())
      return { ...target, row, result: 'done' }
    } catch (error) {
      return { ...target, result: 'failed', error }
    }
  })
  signal.throwIfAborted()
  return outcomes
}

const mostShown = 10

function shown(images: readonly Image[]): Named[] {
  const first = images
    .slice(0, mostShown)
    .map((image): Named => [
      image.id,
      image.createdAt.toISOString().slice(0, 10),
      ...(image.name ? [image.name] : []),
      ...(image.protected ? ['(protected)'] : []),
    ])
  return images.length > mostShown ? [...first, [`and ${images.length - mostShown} more`]] : first
}

function questionOf(action: string, images: readonly Image[]): string {
  const what = images.length === 1 ? 'this image' : `these ${images.length} images`
  return `${action.slice(0, 1).toUpperCase()}${action.slice(1)} ${what}?`
}
