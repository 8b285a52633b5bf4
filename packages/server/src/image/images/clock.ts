/** Microseconds since 1970; each reading is later than the one before, so that records keep their creation order. */
export type Clock = () => number

/** A strictly increasing clock based on `now`, whose resolution is a millisecond. */
export function risingClock(now: () => Date): Clock {
  let last = 0
  return () => {
    last = Math.max(last + 1, now().getTime() * 1000)
    return last
  }
}
