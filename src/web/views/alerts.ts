/** What needs a person, weightiest first, each with what to do. Nothing here means that it is well. */
import type { Overview, PageAlert } from '../../../schemas/page/overview.ts'
import { count, isOrAre, plural } from '../../language/counted.ts'

type Told = Omit<Overview, 'alerts'>

/** Of all that has an outcome, in quarantine: above this, a merge is likely to meet its gate. */
const QUARANTINED_MOST = 0.02
const NEARLY_SPENT = 0.9

export const alertsOf = (told: Told): PageAlert[] => [
  ...brokenBooks(told),
  ...brokenShards(told),
  ...stoppedRun(told),
  ...pausedLoop(told),
  ...failedGates(told),
  ...fullQuarantine(told),
  ...deadHolders(told),
  ...nearCap(told),
]

const trouble = (title: string, hint: string, view: string | null): PageAlert => ({
  level: 'trouble',
  title,
  hint,
  view,
})
const look = (title: string, hint: string, view: string | null): PageAlert => ({
  level: 'look',
  title,
  hint,
  view,
})

const brokenBooks = ({ totals }: Told): PageAlert[] =>
  totals.difference === 0
    ? []
    : [
        trouble(
          `${plural(totals.difference, 'seed')} ${isOrAre(totals.difference)} neither to do nor done`,
          'keep the files and run rff-shard audit',
          'runs',
        ),
      ]

const brokenShards = ({ shards }: Told): PageAlert[] =>
  shards.flatMap(({ shardNo, trouble: failure }) =>
    failure === null
      ? []
      : [
          trouble(
            `shard ${shardNo} cannot be read: ${failure.code}`,
            'restore its file from an archive; the others go on without it',
            'runs',
          ),
        ],
  )

const stoppedRun = ({ run }: Told): PageAlert[] =>
  run === null || run.stop === null || run.isWorkedOn || run.state === 'closed'
    ? []
    : [trouble(`run ${run.runTag} stopped: ${run.stop.code}`, run.stop.message, 'runs')]

const pausedLoop = ({ loop }: Told): PageAlert[] =>
  loop.state !== 'paused'
    ? []
    : [
        trouble(
          `the loop is paused: ${loop.reason ?? ''}`,
          'mend the cause, then rff-shard loop resume',
          'health',
        ),
      ]

const failedGates = ({ gates }: Told): PageAlert[] =>
  gates
    .filter(({ passed, severity }) => !passed && severity !== 'info')
    .map(({ name, severity, hint }) =>
      look(severity === 'block' ? `gate ${name} was overridden` : `gate ${name} warns`, hint, 'health'),
    )

function fullQuarantine({ totals }: Told): PageAlert[] {
  const decided = totals.ok + totals.quarantined
  if (decided === 0 || totals.quarantined / decided <= QUARANTINED_MOST) return []
  return [
    look(
      `${count(totals.quarantined)} of ${plural(decided, 'cluster')} ${isOrAre(totals.quarantined)} in quarantine`,
      'a few groups usually make most of it: read them, then retry, accept or correct',
      'quarantine',
    ),
  ]
}

function deadHolders({ shards }: Told): PageAlert[] {
  const dead = shards.filter(({ holder, isHolderAlive }) => holder !== null && !isHolderAlive)
  if (dead.length === 0) return []
  const list = dead.map(({ shardNo }) => shardNo).join(', ')
  return [
    look(`the process that held shard ${list} is gone`, 'the next run takes it over and goes on', 'runs'),
  ]
}

function nearCap({ run, totals }: Told): PageAlert[] {
  if (run === null || run.capMicroUsd === null || run.capMicroUsd === 0 || totals.todo === 0) return []
  if (run.spentMicroUsd / run.capMicroUsd < NEARLY_SPENT) return []
  return [
    look(
      'the cap is nearly spent, and there is work left',
      'raise it, or be content with what is done',
      'spend',
    ),
  ]
}
