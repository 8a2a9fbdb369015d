/** From what was typed to what is meant, or a sentence about what is wrong with it. */
import { RffError } from '../../schemas/failure.ts'
import { nearest } from '../language/nearest.ts'
import type { CommandOptions } from './command.ts'

/** @throws RffError usage with the range */
export function wholeNumber(options: CommandOptions, name: string, min: number, max: number): number | null {
  const given = options[name]
  if (given === undefined) return null
  const number = Number(given)
  if (!/^-?\d+$/.test(String(given)) || number < min || number > max) {
    throw new RffError(
      'usage',
      `--${dashed(name)} is ${String(given)}, expected a whole number from ${min} to ${max}`,
    )
  }
  return number
}

/** @throws RffError usage with the range */
export function decimalNumber(
  options: CommandOptions,
  name: string,
  min: number,
  max: number,
): number | null {
  const given = options[name]
  if (given === undefined) return null
  const number = Number(given)
  if (String(given).trim() === '' || !Number.isFinite(number) || number < min || number > max) {
    throw new RffError(
      'usage',
      `--${dashed(name)} is ${String(given)}, expected a number from ${min} to ${max}`,
    )
  }
  return number
}

export function text(options: CommandOptions, name: string): string | null {
  const given = options[name]
  return typeof given === 'string' ? given : null
}

/**
 * One of a few words; null where it was not given.
 *
 * @throws RffError usage with all of them, and the one that was most likely meant
 */
export function oneOf<Choice extends string>(
  options: CommandOptions,
  name: string,
  choices: readonly Choice[],
): Choice | null {
  const given = text(options, name)
  if (given === null) return null
  const choice = choices.find((known) => known === given)
  if (choice !== undefined) return choice
  const guess = nearest(given, choices)
  throw new RffError(
    'usage',
    `--${dashed(name)} is ${given}, expected ${choices.length > 1 ? 'one of ' : ''}${choices.join(', ')}${guess === undefined ? '' : `; did you mean ${guess}?`}`,
  )
}

export const texts = (options: CommandOptions, name: string): readonly string[] => {
  const given = options[name]
  return Array.isArray(given) ? (given as readonly string[]) : typeof given === 'string' ? [given] : []
}

export const isSet = (options: CommandOptions, name: string): boolean => options[name] === true

/**
 * `0,2-4` as [0, 2, 3, 4].
 *
 * @throws RffError usage
 */
export function numberList(options: CommandOptions, name: string): number[] | null {
  const given = text(options, name)
  if (given === null) return null
  return given.split(',').flatMap((part) => {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part.trim())
    const first = Number(range?.[1])
    const last = Number(range?.[2] ?? range?.[1])
    if (range === null || last < first || last > 65_535) {
      throw new RffError(
        'usage',
        `--${dashed(name)} has ${JSON.stringify(part)}, expected numbers such as 3 or 0,4-7`,
      )
    }
    return Array.from({ length: last - first + 1 }, (_, at) => first + at)
  })
}

/**
 * `text=statement` pairs.
 *
 * @throws RffError usage
 */
export function pairs(options: CommandOptions, name: string): Record<string, string> {
  return Object.fromEntries(
    texts(options, name).map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1 || at === pair.length - 1) {
        throw new RffError('usage', `--${dashed(name)} has ${JSON.stringify(pair)}, expected NAME=COLUMN`)
      }
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
