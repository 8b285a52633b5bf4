import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { imageSearch } from './image-search.js'
import { inOrder, madeImages, naivePage } from './testing/naive-listing.js'
import { randomSearches } from './testing/random-searches.js'
import { storeImages } from './testing/stored-images.js'

const made = madeImages(2500)

test.each([
  ['inserted in any order', made],
  ['inserted in order of creation', inOrder(made)],
])(
  'a page of any search has the images that a plain filter and sort would find: %s',
  { timeout: 240_000 },
  async (_, images) => {
    const { repository } = storeImages(images)
    await fc.assert(
      fc.asyncProperty(randomSearches(images), async ({ query, caller, markerAt }) => {
        const marker = markerAt === null ? undefined : images[markerAt]
        const found = await repository.list(imageSearch(query, caller, marker))
        expect(found.images.map(({ id }) => id)).toEqual(naivePage(images, query, caller, marker).map(({ id }) => id))
      }),
      { seed: 20_151_129, numRuns: 600 },
    )
  },
)
