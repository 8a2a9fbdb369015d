import type * as z from 'zod'

/** What a schema lets pass, as a value that nobody changes: what a room makes, and what is printed or sent of it. */
export type Inferred<Schema extends z.ZodType> = Read<z.infer<Schema>>

type Read<T> = T extends readonly (infer Item)[]
  ? readonly Read<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Read<T[Key]> }
    : T
