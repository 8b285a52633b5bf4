/**
 * What a comparison of hashes said: the same; not to be told, since the server has no hash or one that cannot be
 * computed here; different (only in errors: a transfer that ends so is an IntegrityError).
 */
export type Verdict = 'verified' | 'unverifiable' | 'mismatch'
