/** Two texts beside each other, each wrapped to its half; the lines of both begin at the top. */

const GAP = ' │ '

/** @param widthChars of both halves and the gap together, at least 20 */
export function sideBySide(left: string, right: string, widthChars: number): string {
  const half = Math.floor((widthChars - GAP.length) / 2)
  const [a, b] = [wrap(left, half), wrap(right, half)]
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) =>
    `${(a[at] ?? '').padEnd(half)}${GAP}${b[at] ?? ''}`.trimEnd(),
  ).join('\n')
}

/** Breaks at spaces, keeps what a line was indented by, and cuts words that are longer than a line. */
export function wrap(text: string, widthChars: number): string[] {
  return text.split('\n').flatMap((line) => {
    const indent = /^ */.exec(line)![0].slice(0, Math.floor(widthChars / 2))
    const lines: string[] = []
    let rest = line.trimEnd()
    while (rest.length > widthChars) {
      const space = rest.lastIndexOf(' ', widthChars)
      const at = space > indent.length ? space : widthChars
      lines.push(rest.slice(0, at).trimEnd())
      rest = indent + rest.slice(at).trimStart()
    }
    return [...lines, rest]
  })
}
