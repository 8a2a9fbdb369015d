import { isIP } from 'node:net'
import { RffError } from '../../schemas/failure.ts'
import { readPrompt } from '../config/read-prompt.ts'
import { openWorkspace } from '../control/workspace.ts'
import { pageToken } from '../web/page-token.ts'
import { servePage } from '../web/serve-page.ts'
import type { CommandSpec } from './command.ts'
import { printJson } from './print-json.ts'
import { isSet, text, wholeNumber } from './read-options.ts'

const LOOPBACK = '127.0.0.1'
const PORT = 4_317

export const serveCommand: CommandSpec = {
  name: 'serve',
  summary: 'a page to look at: the work, the money, the quarantine, and the field to walk and search',
  whenInterrupted: 'closing the page; whatever runs on the workspace runs on',
  examples: ['serve', 'serve --port 8080', 'serve --host 0.0.0.0 --expose', 'serve --new-token'],
  configure: (command) =>
    command
      .option('--port <n>', `where to listen; ${PORT} if not given, 0 for a free one`)
      .option('--host <address>', `${LOOPBACK} if not given`)
      .option('--expose', 'allow a host that other machines can reach; nothing is encrypted')
      .option('--new-token', 'make another token: links that were handed out stop working'),
  async run(_args, options, context) {
    const host = text(options, 'host') ?? LOOPBACK
    const port = wholeNumber(options, 'port', 0, 65_535) ?? PORT
    if (!isLoopback(host) && !isSet(options, 'expose'))
      throw new RffError(
        'usage',
        `--host ${host} can be reached from other machines; add --expose if that is meant`,
      )
    openWorkspace(context.workspaceDir, 'use').close()
    const { token, path } = pageToken(context.workspaceDir, isSet(options, 'newToken'))
    const page = await servePage({
      workspaceDir: context.workspaceDir,
      host,
      port,
      token,
      loadConfig: () => context.loadConfig({}),
      promptText: ({ structure }) => readPrompt(structure.promptFile),
      env: context.env,
      nowMs: context.nowMs,
    })
    if (context.wantsJson) printJson(context, 'serve', { link: page.link, origin: page.origin })
    else context.print(page.link)
    context.say(`the token also stands in ${path}; Ctrl-C closes the page`)
    await aborted(context.signal)
    await page.close()
    return 0
  },
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
