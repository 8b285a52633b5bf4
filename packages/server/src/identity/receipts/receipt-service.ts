import { randomBytes } from 'node:crypto'

/** Proof of the methods that a login passed before it turned out that its user needs more of them. */
export interface Receipt {
  readonly id: string
  readonly userId: string
  readonly methods: readonly string[]
  /** Milliseconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** The receipts (keystone/receipt/provider.py). They end with the process: the login is then begun again. */
export interface ReceiptService {
  issue(userId: string, methods: readonly string[]): Receipt
  /** Undefined when it is unknown or has expired. */
  find(id: string): Receipt | undefined
}

/** `[receipt] expiration`, as in a stock Keystone. */
const lifeMs = 300_000

/** Far more than people who sign in at the same time. */
const mostReceipts = 1000

export function createReceiptService(now: () => Date): ReceiptService {
  const receipts = new Map<string, Receipt>()
  return {
    issue(userId, methods) {
      const issuedAt = now().getTime()
      for (const { id, expiresAt } of receipts.values()) {
        if (expiresAt > issuedAt && receipts.size < mostReceipts) break
        receipts.delete(id)
      }
      const expiresAt = Math.floor((issuedAt + lifeMs) / 1000) * 1000
      const receipt = { id: `tyrax-${randomBytes(48).toString('base64url')}`, userId, methods, issuedAt, expiresAt }
      receipts.set(receipt.id, receipt)
      return receipt
    },
    find(id) {
      const receipt = receipts.get(id)
      return receipt === undefined || receipt.expiresAt <= now().getTime() ? undefined : receipt
    },
  }
}
