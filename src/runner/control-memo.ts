/** What the lines of a shard remember together of their control question. */
export interface ControlMemo {
  /** The question that is under way, if one is. */
  asking: Promise<boolean> | null
  /** How many probes had failed when it was last asked in vain: until another one has, it is not asked again. */
  deniedAfterProbes: number | null
}

export const newControlMemo = (): ControlMemo => ({ asking: null, deniedAfterProbes: null })
