/**
 * Whether a statement says outright that something is denied, or that something is needed. English.
 *
 * Lists of words and phrases, on purpose: a relation type that a model may only use where a fact says so has to be
 * decided the same way every time, and a person must be able to see why. They are kept precise: "but", "however",
 * "while" and "although" contrast without denying, "if" and "because" give conditions and causes without a need.
 *
 * @source docs/decisions/0012-explicit-language.md
 */

const NEGATION = [
  "(?:\\w+n't|cannot|never|neither|nor|none|nobody|nothing|nowhere)",
  'not(?! only\\b| just\\b| merely\\b)',
  'no(?! (?:more|less|fewer|later|earlier|sooner) than\\b| doubt\\b| matter\\b)',
  '(?:fails?|failed|failing) to',
  '(?:lacks?|lacked|lacking|absence of|devoid of)',
  '(?:unable|impossible)',
]

const DENIAL = [
  'contradict(?:s|ed|ing|ions?|ory)?',
  'contrary (?:to|of)',
  '(?:the )?opposite of',
  'as opposed to',
  '(?:conflicts?|conflicted|conflicting) with',
  '(?:inconsistent|incompatible) with',
  'mutually exclusive',
  'disagree(?:s|d|ing|ments?)?',
  '(?:refut|disprov|disput|den[iy])(?:e|es|ed|ing|al|s)?',
  '(?:debunk|rebut)(?:s|ed|ted|ting|tal)?',
  '(?:false|untrue|incorrect|wrong|mistaken)(?:ly)?',
  '(?:myth|misconception|fallacy|hoax)s?',
  'unlike',
  '(?:in|by) contrast',
  '(?:rather than|instead of)',
  'counterexamples?',
]

const NEED = [
  'depend(?:s|ed|ing|ent|ence|ency)? (?:\\w+ )?(?:on|upon)',
  'requir(?:e|es|ed|ing|ement|ements)',
  'need(?:s|ed|ing)?',
  '(?:necessary|necessarily|necessity|essential|indispensable|crucial|vital|prerequisites?|preconditions?)',
  '(?:rely|relies|relied|relying|reliant) (?:\\w+ )?(?:on|upon)',
  '(?:contingent|conditional|conditioned) (?:on|upon)',
  'presuppos(?:e|es|ed|ing|itions?)',
  'assum(?:es|ing) (?:that )?',
  '(?:only if|only when|if and only if|iff)',
  '(?:provided that|providing that|as long as|on condition that|unless)',
  'in order (?:to|for|that)',
  "(?:cannot|can not|can't|could not|does not|do not|is not|are not|impossible) (?:\\w+ ){0,8}without",
  "without (?:\\w+ ){1,8}(?:cannot|can not|can't|could not|would not|no)",
  'must (?:first|have|be)',
]

const anyOf = (phrases: readonly string[]): RegExp =>
  new RegExp(`(?<![\\w'])(?:${phrases.join('|')})(?![\\w'])`, 'iu')

const CONTRADICTION = anyOf([...NEGATION, ...DENIAL])
const DEPENDENCY = anyOf(NEED)

/** Negation, denial, or a word that sets one thing against another. */
export const saysContradiction = (text: string): boolean => CONTRADICTION.test(plainText(text))

/** A need, a reliance, or a condition without which something does not hold. */
export const saysDependency = (text: string): boolean => DEPENDENCY.test(plainText(text))

const plainText = (text: string): string => text.replace(/[\u2018\u2019\u02bc]/gu, "'").replace(/\s+/gu, ' ')
