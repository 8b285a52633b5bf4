/** The filters `name__contains`, and `name__icontains` without regard to case (keystone/server/flask/common.py). */
export function nameFilter(query: Readonly<Record<string, string>>): (item: object) => boolean {
  return (item) => {
    if (!('name' in item) || typeof item.name !== 'string') return true
    const { name } = item
    return Object.entries(comparisons).every(([comparison, isMatch]) => {
      const [exact, folded] = [query[`name__${comparison}`], query[`name__i${comparison}`]]
      return (
        (exact === undefined || isMatch(name, exact)) &&
        (folded === undefined || isMatch(name.toLowerCase(), folded.toLowerCase()))
      )
    })
  }
}

const comparisons: Readonly<Record<string, (name: string, wanted: string) => boolean>> = {
  contains: (name, wanted) => name.includes(wanted),
  startswith: (name, wanted) => name.startsWith(wanted),
  endswith: (name, wanted) => name.endsWith(wanted),
}
