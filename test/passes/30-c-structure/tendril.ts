/** One small cluster and a good structure of it, which tests spoil in one way each. */
import type { Cluster } from '../../../schemas/cluster.ts'
import { RELATION_TYPES, type Structure } from '../../../schemas/structure.ts'
import { structureTask } from '../../../src/passes/30-c-structure/task.ts'

export const task = structureTask({ relationTypes: RELATION_TYPES })

export const clusterOf = (...texts: string[]): Cluster => ({
  clusterId: 'clu_000000000000000000000000',
  seedFactId: 'f0',
  round: 0,
  domain: 'botany',
  isLone: texts.length === 1,
  members: texts.map((text, i) => ({
    i,
    standing: i === 0 ? 'seed' : 'member',
    factId: `f${i}`,
    dupGroupId: `f${i}`,
    domain: 'botany',
    text,
  })),
})

export const tendrils = clusterOf(
  'A tendril is a shoot with which a climbing plant holds on.',
  'Tendrils of peas are leaflets.',
  'A climbing plant requires a support for its tendrils.',
  'Tendrils are not roots.',
  'A sucker grows from the root of a plant.',
)

export const good: Structure = {
  concept: { name: 'tendril', gloss: 'A shoot that holds on.', aliases: [], canonical_i: 0 },
  members: [
    { i: 0, role: 'definition' },
    { i: 1, role: 'example' },
    { i: 2, role: 'condition' },
  ],
  dropped: [
    { i: 3, reason: 'about roots' },
    { i: 4, reason: 'about suckers' },
  ],
  relations: [
    { src_i: 1, dst_i: 0, rel_type: 'refines', support_i_list: [0, 1] },
    { src_i: 0, dst_i: 2, rel_type: 'depends_on', support_i_list: [0, 2] },
  ],
  links: [{ name: 'shoot', rel_type: 'refines', support_i_list: [0] }],
}

export const codesOf = (structure: Structure, cluster: Cluster = tendrils): string[] => [
  ...new Set(task.validate(structure, cluster).map(({ code }) => code)),
]

export const salvaged = (structure: Structure, cluster: Cluster = tendrils) =>
  task.salvage(structure, cluster, task.validate(structure, cluster))

/** The good structure with other relations. */
export const related = (...relations: Structure['relations']): Structure => ({ ...good, relations })

/** The good structure with other fields of its concept. */
export const named = (concept: Partial<Structure['concept']>): Structure => ({
  ...good,
  concept: { ...good.concept, ...concept },
})
