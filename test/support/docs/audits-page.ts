/** docs/audits.md: each question with the line that asks it and the answer that sqlite3 gave. */
import { execFileSync } from 'node:child_process'
import { AUDIT_QUESTIONS } from './audit-questions.ts'

const HEAD = `# Auditing with sqlite3

Every file of a workspace is a SQLite database whose tables and views are part of the interface, so that nobody has to take
this program's word for anything. These are questions that an operator asks, with the line that asks them and the answer on
the demo workspace (\`rff-shard demo\` makes it). The schemas use nothing newer than SQLite 3.40.

\`rff-shard audit\` asks many more, over all files at once, and prints the line to type for whatever fails.

A workspace that is being worked on can be read all the same: readers see the last commit and disturb nobody. Do not write.

The answers are generated (\`npm run docs\`) and a test runs every line again.
`

/** @param dir a folder that holds demo-rff */
export function auditsPage(dir: string): string {
  const parts = AUDIT_QUESTIONS.map(
    ({ question, about, command }, at) =>
      `## ${at + 1}. ${question}\n\n${about}\n\n\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`text\n${runShell(command, dir)}\`\`\`\n`,
  )
  return [HEAD, ...parts].join('\n')
}

/** @returns what it printed; what it said on stderr is an error */
export function runShell(command: string, cwd: string): string {
  return execFileSync('sh', ['-euc', command], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

export interface DocumentedAudit {
  readonly question: string
  readonly command: string
  readonly answer: string
}

export const readAudits = (page: string): DocumentedAudit[] =>
  [...page.matchAll(/^## \d+\. (.*)\n[\s\S]*?```sh\n(.*)\n```\n\n```text\n([\s\S]*?)```$/gm)].map(
    ([, question, command, answer]) => ({ question: question!, command: command!, answer: answer! }),
  )
