/**
 * Names a run or a field by when it began: YYYYMMDD_HHMMSS in UTC, a letter behind it where that name is taken.
 *
 * Tags name folders for people; no result depends on one.
 */
export function tagOf(nowMs: number, isTaken: (tag: string) => boolean): string {
  const stamp = new Date(nowMs)
    .toISOString()
    .slice(0, 19)
    .replaceAll('-', '')
    .replaceAll(':', '')
    .replace('T', '_')
  for (let n = 0; ; n += 1) {
    const tag = n === 0 ? stamp : `${stamp}_${n + 1}`
    if (!isTaken(tag)) return tag
  }
}
