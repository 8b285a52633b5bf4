import { imageFields } from '@tyrax/protocol'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { newImage } from '../testing/stock-fields.js'
import { createLocationUrls } from '../locations/location.js'
import { withoutData, type ImageRecord } from './image-record.js'
import { createImageWire } from './image-wire.js'

const { renderImage, renderImagePage } = createImageWire({
  config: { showMultipleLocations: false, showDirectUrl: false },
  locationUrls: createLocationUrls({ fileOf: (key) => `/blobs/${key}` }),
})

const image: ImageRecord = {
  ...newImage({ os_hidden: true }),
  ...withoutData,
  id: '6bbe7cc2-eae7-4c0f-b50d-a7160b0c6a86',
  owner: null,
  status: 'queued',
  created_at: 1_448_835_702_123_456,
  updated_at: 1_448_835_702_123_456,
  locations: [],
}

test('every base field is there, null where it is not set', () => {
  const wire = JSON.parse(renderImage(image)) as Record<string, unknown>
  expect(Object.keys(wire).sort()).toEqual(
    imageFields
      .filter((field) => field.always)
      .map((field) => field.wire)
      .sort(),
  )
  expect(wire).toMatchObject({
    name: null,
    size: null,
    os_hidden: true,
    created_at: '2015-11-29T22:21:42Z',
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: '/v2/schemas/image',
  })
})

test('the stores are a comma-separated text, and only there when an image has some', () => {
  const locations = ['cheap', 'fast'].map((store) => ({ store, blobKey: store }))
  expect(JSON.parse(renderImage({ ...image, locations }))).toHaveProperty('stores', 'cheap,fast')
})

test('whatever names, tags and properties hold, they come back as they were', () => {
  const name = fc.string().filter((key) => !(key in image) && !imageFields.some((field) => field.wire === key))
  const properties = fc.dictionary(name, fc.string(), { noNullPrototype: true })
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), properties, (text, tags, given) => {
      const page = renderImagePage([{ ...image, name: text, tags, properties: given }], { first: text, next: text })
      expect(JSON.parse(page)).toMatchObject({ first: text, next: text, images: [{ ...given, name: text, tags }] })
    }),
  )
})
