import { existsSync, readFileSync } from 'node:fs'
import { RffError } from '../../schemas/failure.ts'
import { fieldTagSchema } from '../../schemas/manifest.ts'
import { type FieldFiles, filesOf, readHealth } from '../control/merge/field-files.ts'
import { currentField } from '../control/status/current-field.ts'
import { openWorkspace } from '../control/workspace.ts'
import type { CommandSpec } from './command.ts'

export const healthCommand: CommandSpec = {
  name: 'health',
  summary: 'the health report of a field: metrics, gates, and how it stands against the one before',
  examples: ['health', 'health 20260102_030405 --json'],
  configure: (command) => command.argument('[tag]', 'tag of a field; the current one if not given'),
  async run([tag], _options, context) {
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const files =
        tag === undefined ? currentField(workspace).files : filesOf(workspace.fieldDir, soundTag(tag))
      context.print(context.wantsJson ? JSON.stringify(readHealth(files)) : readPage(files))
      return 0
    } finally {
      workspace.close()
    }
  },
}

/** A tag becomes part of a path, so nothing but a tag may pass. */
function soundTag(tag: string): string {
  if (fieldTagSchema.safeParse(tag).success) return tag
  throw new RffError('usage', `${tag} is not the tag of a field, expected YYYYMMDD_HHMMSS`)
}

function readPage({ dir, healthPage }: FieldFiles): string {
  if (existsSync(healthPage)) return readFileSync(healthPage, 'utf8').trimEnd()
  throw new RffError('field_missing', `there is no health report in ${dir}`)
}
