/** Raise it when the same facts may give another structure: it stands in every request key and every answer. */
export const RULES_VERSION = 2
