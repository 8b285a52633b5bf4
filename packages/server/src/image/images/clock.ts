/** Microseconds since 1970, each reading later than the one before, so that creation order survives in the records. */
export type Clock = () => number

/** A strictly rising clock over `now`, whose resolution is a millisecond. */
export function risingClock(now: () => Date): Clock {
  let last = 0
  return () => {
    last = Math.max(last + 1, now().getTime() * 1000)
    return last
  }
}
