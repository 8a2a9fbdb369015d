import { type Inspection, inspect } from '../control/inspect/inspect.ts'
import { openWorkspace } from '../control/workspace.ts'
import type { CommandSpec } from './command.ts'
import { describeConceptPage, describeEdgePage, describeFact } from './describe-field.ts'
import { describeAttempt, describeCluster, describeRun, describeShard } from './describe-work.ts'
import { printJson } from './print-json.ts'

export const inspectCommand: CommandSpec = {
  name: 'inspect',
  summary: 'all that is known of one thing, with its provenance both ways',
  examples: [
    'inspect os:heat-1',
    'inspect con_5a2a0ed9aa3ab7d82b53e820',
    'inspect shard:0',
    'inspect run:1 --json',
  ],
  configure: (command) =>
    command.argument(
      '<id>',
      'a fact, clu_…, con_…, edg_…, the number of an attempt, the tag of a run; or run:N, shard:N, attempt:N, fact:ID',
    ),
  async run([id], _options, context) {
    const workspace = openWorkspace(context.workspaceDir, 'use')
    try {
      const found = inspect(workspace, id!)
      if (context.wantsJson) printJson(context, 'inspect', found)
      else context.print(describe(found))
      return 0
    } finally {
      workspace.close()
    }
  },
}

export function describe(found: Inspection): string {
  switch (found.kind) {
    case 'fact':
      return describeFact(found)
    case 'cluster':
      return describeCluster(found)
    case 'attempt':
      return describeAttempt(found.shardNo, found.attempt)
    case 'concept':
      return describeConceptPage(found)
    case 'edge':
      return describeEdgePage(found)
    case 'run':
      return describeRun(found)
    case 'shard':
      return describeShard(found)
  }
}
