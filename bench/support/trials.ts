/** The trials there are: one file each, in the order in which they are run and shown. */
import type { Trial } from './trial.ts'

export const TRIAL_NAMES = [
  'generator',
  'plan',
  'expand',
  'asks-saved',
  'rules-gold',
  'gold-field',
  'engine',
  'real-path',
  'limits',
  'merge',
  'resume',
  'growth',
  'page',
] as const

export async function loadTrial(name: string): Promise<Trial> {
  const { trial } = (await import(`../trials/${name}.ts`)) as { trial: Trial }
  return trial
}
