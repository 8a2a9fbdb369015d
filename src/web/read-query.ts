/** Parameters of a request, or a sentence about what is wrong with them. */
import type { Context } from 'hono'
import { RffError } from '../../schemas/failure.ts'

/** @returns null where it is not given or empty */
export const readText = (c: Context, name: string): string | null => c.req.query(name) || null

/** @throws RffError usage */
export function readNumber(c: Context, name: string): number | null {
  const given = readText(c, name)
  if (given === null) return null
  const number = Number(given)
  if (!Number.isSafeInteger(number) || number < 0)
    throw new RffError('usage', `${name} is ${given}, expected a whole number`)
  return number
}

/** @throws RffError usage */
export function readOneOf<T extends string>(c: Context, name: string, known: readonly T[], otherwise: T): T {
  const given = readText(c, name)
  if (given === null) return otherwise
  const found = known.find((one) => one === given)
  if (found === undefined) throw new RffError('usage', `${name} is ${given}, expected ${known.join(' or ')}`)
  return found
}
