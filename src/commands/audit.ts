import { type AuditReport, audit } from '../control/audit/audit.ts'
import type { CheckResult } from '../control/audit/check-result.ts'
import { openWorkspace } from '../control/workspace.ts'
import { plural } from '../language/counted.ts'
import { printable } from '../language/printable.ts'
import type { CommandSpec } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import { printJson } from './print-json.ts'
import { isSet } from './read-options.ts'

export const auditCommand: CommandSpec = {
  name: 'audit',
  summary: 'check every invariant of every file, by SQL that sqlite3 can repeat',
  examples: ['audit', 'audit --deep', 'audit --json'],
  configure: (command) =>
    command.option('--deep', 'read every row and page, and compute hashes and digests again'),
  async run(_args, options, context) {
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const report = await audit(workspace, {
        isDeep: isSet(options, 'deep'),
        config: context.loadConfig({}),
      })
      if (context.wantsJson) printJson(context, 'audit', report)
      else context.print(describeAudit(report, context.workspaceDir))
      return report.failed > 0 ? exitCodeOf('audit_failed') : 0
    } finally {
      workspace.close()
    }
  },
}

/** One line for each claim, over all the files it was checked in; what failed is told file by file. */
export function describeAudit(
  { checks, passed, failed, skipped }: AuditReport,
  workspaceDir: string,
): string {
  const names = [...new Set(checks.map(({ name }) => name))]
  const lines = names.map((name) => claimLine(checks.filter((check) => check.name === name)))
  for (const check of checks.filter((one) => !one.passed && one.skipped === null))
    lines.push('', ...failureLines(check, workspaceDir))
  lines.push('', `${plural(passed, 'check')} passed, ${failed} failed, ${skipped} skipped`)
  return lines.join('\n')
}

function claimLine(checks: readonly CheckResult[]): string {
  const { claim, file } = checks[0]!
  const failed = checks.filter(({ passed, skipped }) => !passed && skipped === null).length
  const skipped = checks.filter((check) => check.skipped !== null)
  const where = checks.length === 1 ? file : plural(checks.length, 'file')
  const mark = failed > 0 ? 'FAIL' : skipped.length === checks.length ? 'skip' : 'ok'
  const why = skipped.length === 0 ? '' : `; ${skipped.length} skipped: ${skipped[0]!.skipped}`
  return printable(`${mark.padEnd(4)}  ${claim} (${where}${why})`)
}

function failureLines(
  { name, file, found, expected, ...check }: CheckResult,
  workspaceDir: string,
): string[] {
  const lines = [printable(`${name} in ${file}: found ${found}, expected ${expected}`)]
  if (check.sql !== null) lines.push(`  ${commandLine(check.sql, check.attached, `${workspaceDir}/${file}`)}`)
  return lines
}

/** What a person types to see the same number. */
export function commandLine(sql: string, attached: Readonly<Record<string, string>>, path: string): string {
  const attach = Object.entries(attached).map(
    ([schema, other]) => `-cmd ${quoted(`ATTACH ${sqlText(other)} AS ${schema}`)} `,
  )
  return `sqlite3 -readonly ${attach.join('')}${quoted(path)} ${quoted(sql)}`
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`
