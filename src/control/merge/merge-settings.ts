import type { Db } from '../../../db/open.ts'
import { corpusTexts } from '../../../db/queries/corpus-texts.ts'
import type { Config } from '../../../schemas/config.ts'
import { passMPrime } from '../../passes/50-m-prime-normalise/stage.ts'
import { passXLinkGenerate, passXLinkScore } from '../../passes/60-x-link/stage.ts'
import { threadCountOf } from '../run/thread-count.ts'
import { CORPUS_SCHEMA } from './build-field.ts'
import { bindPass, type FieldPass } from './field-pass.ts'
import type { MergeSettings } from './merge-place.ts'
import { readTextsInThreads } from './read-texts-in-threads.ts'

/** The passes of a merge with the settings of a workspace. */
export function mergeSettingsOf(config: Config, programVersion: string): MergeSettings {
  const { keepDomainsApart } = config.structure
  const { thresholds } = config.link
  const threads = threadCountOf(config, Number.POSITIVE_INFINITY)
  // Both read the facts' texts from the corpus, which is no setting: the manifest names what can be chosen.
  const withTexts = (db: Db) => ({ texts: corpusTexts(db, CORPUS_SCHEMA) })
  const link: FieldPass = {
    name: passXLinkGenerate.name,
    version: passXLinkGenerate.version,
    settings: {},
    apply: (db, profiler) => {
      const readTexts = readTextsInThreads(db, CORPUS_SCHEMA, threads, profiler)
      return passXLinkGenerate.apply(db, {
        ...withTexts(db),
        ...(readTexts === undefined ? {} : { readTexts }),
      })
    },
  }
  const score: FieldPass = {
    name: passXLinkScore.name,
    version: passXLinkScore.version,
    settings: { thresholds },
    apply: (db) => passXLinkScore.apply(db, { thresholds, ...withTexts(db) }),
  }
  return {
    passes: { normalise: bindPass(passMPrime, { keepDomainsApart }), link, score },
    gates: config.gates,
    threads,
    programVersion,
  }
}
