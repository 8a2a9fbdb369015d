import type { OutputName, OutputOf } from '../../schemas/output/outputs.ts'
import type { CommandContext } from './command.ts'

/**
 * One document, or one line of many.
 *
 * @param _name as what it is printed: it ties the data to its schema
 */
export const printJson = <Name extends OutputName>(
  { print }: Pick<CommandContext, 'print'>,
  _name: Name,
  data: OutputOf<Name>,
): void => print(JSON.stringify(data))
