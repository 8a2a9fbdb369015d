/** What commander says of a line that it does not understand, in our words: what was found, what was expected. */
import type { Command, CommanderError } from 'commander'
import { nearest } from '../language/nearest.ts'
import type { CommandSpec } from './command.ts'

/** @param spec and `command` as it was configured; undefined where the line was not understood up to a command */
export function usageMessage(
  { message: said }: CommanderError,
  names: readonly string[],
  of?: { readonly spec: CommandSpec; readonly command: Command },
): string {
  const message = said.replace(/^error: /, '')
  const unknown = /^unknown command '(.*?)'/.exec(message)?.[1]
  if (unknown !== undefined) return `there is no command ${unknown}${guessed(nearest(unknown, names))}`
  const option = /^unknown option '(.*?)'(?:\n\(Did you mean (?:one of )?(.*?)\?\))?/.exec(message)
  if (option !== null)
    return `there is no option ${option[1]}${of === undefined ? '' : ` of ${of.spec.name}`}${guessed(option[2])}`
  const missing = /^missing required argument '(.*?)'/.exec(message)?.[1]
  const argument = of?.command.registeredArguments.find((one) => one.name() === missing)
  if (of !== undefined && argument !== undefined)
    return `${of.spec.name} needs <${missing}>: ${of.spec.verbs?.join(', ') ?? argument.description}`
  return message
}

const guessed = (guess: string | undefined): string => (guess === undefined ? '' : `; did you mean ${guess}?`)
