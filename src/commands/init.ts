import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RffError } from '../../schemas/failure.ts'
import { makeFolder } from '../../shards/durable-folder.ts'
import type { CommandSpec } from './command.ts'
import { printJson } from './print-json.ts'
import { settingsFile } from './settings-file.ts'

export const initCommand: CommandSpec = {
  name: 'init',
  summary: 'write rff.toml with every setting, its range, default and reason',
  examples: ['init', '-w my-field init'],
  configure: () => undefined,
  async run(_args, _options, context) {
    const path = join(context.workspaceDir, 'rff.toml')
    makeFolder(context.workspaceDir)
    writeNew(path, settingsFile())
    if (context.wantsJson) printJson(context, 'init', { path })
    else context.say(`${path} is written; every setting in it still has its default`)
    return 0
  },
}

/** @throws RffError file_exists, input_unreadable where it cannot be written */
function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new RffError('file_exists', `${path} is there already`, { cause })
    throw new RffError('input_unreadable', `${path} cannot be written: ${message}`, { cause })
  }
}
