/** The hand-made workspace with a published field: two concepts, Heat and Light, and an edge between them. */
import { configSchema } from '../../schemas/config.ts'
import type { Structure } from '../../schemas/structure.ts'
import { mergeField } from '../../src/control/merge/merge.ts'
import { mergePlaceOf } from '../../src/control/merge/merge-place-of.ts'
import { mergeSettingsOf } from '../../src/control/merge/merge-settings.ts'
import { type HandMade, makeWorkspace, structureOfHeat } from './hand-made-workspace.ts'

export const structureOfLight: Structure = {
  concept: { name: 'Light', gloss: 'an electromagnetic wave', aliases: ['visible light'], canonical_i: 0 },
  members: [
    { i: 0, role: 'definition' },
    { i: 1, role: 'property' },
  ],
  dropped: [],
  relations: [{ src_i: 1, dst_i: 0, rel_type: 'refines', support_i_list: [0, 1] }],
  links: [{ name: 'the heat', rel_type: 'causes', support_i_list: [0] }],
}

export const FIELD_TAG = '20260102_040506'

export async function makeMergedWorkspace(): Promise<HandMade> {
  const world = await makeWorkspace()
  world.accept('heat-1', structureOfHeat)
  world.accept('light-1', structureOfLight)
  await mergeField(mergePlaceOf(world.workspace), mergeSettingsOf(configSchema.parse({}), '0.0.0'), {
    overrideGates: [],
    allowPartial: false,
    now: new Date('2026-01-02T04:05:06Z'),
  })
  return world
}
