/**
 * The answer of PassC: what a model is asked for, word for word.
 *
 * Plain on purpose (no defaults, no transforms, every field required): the same schema is sent as strict JSON
 * Schema, and strict mode knows nothing more. Numbers are positions `i` in the cluster, never ids, so that a
 * model has nothing long to copy.
 */
import * as z from 'zod'

export const MEMBER_ROLES = [
  'definition',
  'property',
  'example',
  'condition',
  'consequence',
  'other',
] as const
export type MemberRole = (typeof MEMBER_ROLES)[number]

/** The default relation types; `structure.relationTypes` in the settings is the list that counts. */
export const RELATION_TYPES = [
  'refines',
  'depends_on',
  'contradicts',
  'supports',
  'part_of',
  'causes',
  'same_as',
] as const

const position = z.int().min(0)

export const structureSchema = z.strictObject({
  concept: z.strictObject({
    name: z.string(),
    gloss: z.string(),
    aliases: z.array(z.string()),
    canonical_i: position,
  }),
  members: z.array(z.strictObject({ i: position, role: z.enum(MEMBER_ROLES) })),
  dropped: z.array(z.strictObject({ i: position, reason: z.string() })),
  relations: z.array(
    z.strictObject({
      src_i: position,
      dst_i: position,
      rel_type: z.string(),
      support_i_list: z.array(position),
    }),
  ),
  links: z.array(
    z.strictObject({ name: z.string(), rel_type: z.string(), support_i_list: z.array(position) }),
  ),
})

export type Structure = z.infer<typeof structureSchema>
