import { RffError } from '../../schemas/failure.ts'
import { readManifest } from '../control/merge/field-files.ts'
import { fieldNamed } from '../control/status/field-named.ts'
import { openWorkspace } from '../control/workspace.ts'
import { EXPORT_FORMATS, exportToFolder, exportToStream } from '../field/export/export-field.ts'
import { openField } from '../field/open-field.ts'
import { plural } from '../language/counted.ts'
import type { CommandSpec } from './command.ts'
import { bytes } from './format.ts'
import { printJson } from './print-json.ts'
import { oneOf, text } from './read-options.ts'

export const exportCommand: CommandSpec = {
  name: 'export',
  summary: 'the field for other tools: concepts with their facts, edges with their evidence',
  examples: [
    'export --out my-field',
    'export --format parquet --out my-field-parquet',
    'export --format jsonl --field 20260102_030405',
  ],
  configure: (command) =>
    command
      .option('--format <format>', `one of ${Object.keys(EXPORT_FORMATS).join(', ')}; jsonl if not given`)
      .option('--field <tag>', 'another field than the current one')
      .option('--out <dir>', 'a folder for the files and a manifest; without it jsonl goes to stdout'),
  async run(_args, options, context) {
    const name = oneOf(options, 'format', Object.keys(EXPORT_FORMATS)) ?? 'jsonl'
    const format = EXPORT_FORMATS[name]!
    if (!format.isStream && text(options, 'out') === null)
      throw new RffError('usage', `${name} is more than one stream of lines; name a folder with --out`)
    const workspace = openWorkspace(context.workspaceDir, 'use')
    const { fieldTag, files } = fieldNamed(workspace, text(options, 'field'))
    const { field_digest: fieldDigest, complete: isComplete } = readManifest(files)
    const field = openField(files.database, workspace.corpusPath)
    try {
      const dir = text(options, 'out')
      const stamp = { fieldTag, fieldDigest, isComplete }
      if (dir === null) {
        exportToStream(field, format, stamp, context.print)
        return 0
      }
      const manifest = exportToFolder(field, format, stamp, dir)
      if (context.wantsJson) printJson(context, 'export --out', manifest)
      for (const file of manifest.files)
        context.say(`${dir}/${file.name}: ${plural(file.rows, 'row')}, ${bytes(file.bytes)}`)
      return 0
    } finally {
      field.close()
      workspace.close()
    }
  },
}
