/** The command lines of the pages that people read: of shell blocks, crontabs, the examples of commands, and of prose. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = new URL('../../../', import.meta.url).pathname
const FOLDERS = ['docs', 'docs/systemd', 'docs/decisions', 'demo']

export const pages: readonly string[] = [
  'README.md',
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : [])),
  ),
]

interface Block {
  /** What stands behind the opening fence. */
  readonly language: string
  readonly lines: readonly string[]
}

const A_COMMAND = /^(?:\$ )?(?:npx|npm|rff-shard|sqlite3|docker|ssh|systemctl|apt-get) /

export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(([, , language, body]) => ({
    language: language!,
    lines: body!.split('\n').flatMap((line) => line.trim() || []),
  }))
}

/** @returns lines as a shell takes them, without remarks at their end, each once for each time that it stands there */
export const linesOf = (page: string): string[] =>
  blocksOf(page).flatMap(({ language, lines }) => {
    if (language === 'sh') return lines.map(withoutRemark)
    if (language === 'crontab') return lines.map((line) => line.replace(/^(?:\S+ +){5}/, ''))
    return language === 'text' ? lines.filter((line) => line.startsWith('rff-shard ')) : []
  })

const withoutRemark = (line: string): string => line.replace(/ +# .*$/, '')

/** Blocks that hold a command, and do not say that they do. */
export const unmarkedBlocks = (page: string): string[] =>
  blocksOf(page).flatMap(({ language, lines }) =>
    language === '' && lines.some((line) => A_COMMAND.test(line)) ? [lines.join('\n')] : [],
  )

/** Calls of the program between backticks. */
export const callsInProse = (page: string): string[] =>
  [
    ...readFileSync(join(ROOT, page), 'utf8')
      .replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
      .matchAll(/`rff-shard ([^`]+)`/g),
  ].map(([, call]) => call!)
