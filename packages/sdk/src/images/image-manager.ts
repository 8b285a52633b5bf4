import type { ServiceClient } from '../client/service-client.js'

export class ImageManager {
  readonly #client: ServiceClient
  constructor(client: ServiceClient) {
    this.#client = client
  }
  get client(): ServiceClient {
    return this.#client
  }
}
