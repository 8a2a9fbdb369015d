/**
 * Text in which two spellings that differ only in case or in compatibility characters are equal.
 *
 * NFKC, then upper and lower case: that folds more pairs than lower case alone (ß and SS, final sigma), and knows
 * no locale. Plain ASCII takes the short way, which gives the same.
 */
export const foldCase = (text: string): string =>
  isAscii(text) ? text.toLowerCase() : text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}
