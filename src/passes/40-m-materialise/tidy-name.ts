/** A name or gloss as it is shown: one line, composed characters, single spaces; case and punctuation as given. */
export const tidyName = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim()
