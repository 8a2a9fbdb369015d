import { existsSync, readFileSync } from 'node:fs'
import { RffError } from '../../schemas/failure.ts'
import { type FieldFiles, readHealth } from '../control/merge/field-files.ts'
import { fieldNamed } from '../control/status/field-named.ts'
import { openWorkspace } from '../control/workspace.ts'
import type { CommandSpec } from './command.ts'
import { printJson } from './print-json.ts'

export const healthCommand: CommandSpec = {
  name: 'health',
  summary: 'the health report of a field: metrics, gates, and how it stands against the one before',
  examples: ['health', 'health 20260102_030405 --json'],
  configure: (command) => command.argument('[tag]', 'tag of a field; the current one if not given'),
  async run([tag], _options, context) {
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const { files } = fieldNamed(workspace, tag ?? null)
      if (context.wantsJson) printJson(context, 'health', readHealth(files))
      else context.print(readPage(files))
      return 0
    } finally {
      workspace.close()
    }
  },
}

function readPage({ dir, healthPage }: FieldFiles): string {
  if (existsSync(healthPage)) return readFileSync(healthPage, 'utf8').trimEnd()
  throw new RffError('field_missing', `there is no health report in ${dir}`)
}
