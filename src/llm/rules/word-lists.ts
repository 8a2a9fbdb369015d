/**
 * The closed classes the reader leans on, as data. English, small on purpose: an open word (a noun, an adjective)
 * is never listed, so the lists do not follow a corpus's topics.
 */

const setOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u))

/** What may stand before a noun and is not part of a name. */
export const DETERMINERS = setOf(`
  a an the this that these those each every all both any some many most several various numerous certain another other
  such either neither no its their his her our your my one two three four few much more
`)

/** Words that stand for something named elsewhere: a fact whose subject is one of them names no concept. */
export const PLACEHOLDERS = setOf(`
  it they them he she we you i this that these those there here something someone somebody anything anyone everything
  everyone nothing nobody one ones who which what other others another each both
`)

/** After one of these a verb belongs to a clause inside the subject and not to the sentence. */
export const RELATIVES = setOf('that which who whom whose where when why how whether if while because as to')

/** Words that end a noun phrase: prepositions but "of", conjunctions of clauses, relative pronouns. */
export const PHRASE_ENDS = setOf(`
  in on at by for with without from to into onto upon about above below over under between among amongst through
  throughout during before after against toward towards within along across around behind beneath beside beyond near
  inside outside off via per than as that which who whom whose where when while because so if unless until since
  although though but except like unlike including such especially usually often sometimes typically also not
  is are was were be been has have had can may will must
`)

/** Participles that follow the noun they describe, with an object of their own ("herb having …"). */
export const POSTMODIFIERS = setOf(`
  having consisting containing comprising pertaining belonging resembling bearing lacking covering connecting showing
  involving producing living lying growing occurring outward inward
`)

/** Adjectives and participles that follow their noun where a preposition follows them ("tree native to Japan"). */
export const POSTMODIFIERS_WITH_PREPOSITION = setOf(`
  native similar relating related capable able unable typical characteristic extinct equal due present common important
  necessary responsible suitable rich next nearest closest farthest opposite adjacent just away leading born
  made found known given worn different separate distinct free full available spun held eaten brought meant built kept
  sent grown taken drawn written sung spoken woven thrown laid paid sold bought bound fed cut set lost much
`)

/** Prepositions and articles: after a participle they show that it is a postmodifier. */
export const AFTER_PARTICIPLE = setOf(`
  by in from for of as with to at on a an the into onto up out over under above below between through throughout along
  against during about around toward towards after before near and or without within across especially mostly chiefly
  mainly primarily usually when where
`)

/** Prepositions that open a sentence before its subject ("In the water cycle, condensation …"). */
export const OPENING_PREPOSITIONS = setOf(
  'in on at by for with from during through within under over after before to among between',
)

/** Adverbs, and quantifiers that float, between a subject and its verb. */
export const MID_ADVERBS = setOf(`
  usually often sometimes always never generally typically normally commonly frequently rarely mostly mainly also only
  still not just then therefore thus either both all each may can will
`)

/** Verbs of being, having and modality: where one stands, the subject has ended. */
const AUXILIARIES = `is are was were has have had can could may might will would must should shall cannot does do did
  isn't aren't wasn't weren't doesn't don't didn't can't won't couldn't hasn't haven't`

/** Verbs that define or say a relation; their other readings as nouns are ruled out by what stands before them. */
const TELLING = `means mean refers refer describes describe denotes denote contains contain includes include comprises
  comprise consists consist requires require needs need depends depend causes cause leads lead results result produces
  produce forms form creates create makes make becomes become belongs belong involves involve relies rely triggers
  trigger induces induce prevents prevent promotes promote`

/** Other frequent verbs of plain statements, in the forms that follow a subject. */
const PLAIN = `uses use absorbs absorb carries carry changes change increases increase decreases decrease reduces reduce
  affects affect gives give takes take moves move occurs occur happens happen provides provide helps help protects
  protect eats eat lives live grows grow converts convert releases release reflects reflect transfers transfer holds
  hold shows show keeps keep allows allow performs perform stores store measures measure orbits orbit travels travel
  exists exist begins begin stars appears appear receives receive plays play surrounds surround supports support serves
  serve describes controls control separates separate connects connect equals equal follows follow depends exerts exert
  breaks break remains remain attracts attract repels repel feeds feed sends send lacks lack says say won wrote directed played`

/** A word right before one of these is no verb ("phase change is …"). */
export const AUXILIARY_VERBS = setOf(AUXILIARIES)

export const VERBS = setOf(`${AUXILIARIES} ${TELLING} ${PLAIN}`)

export const NEGATIONS =
  setOf(`not never cannot no neither nor isn't aren't wasn't weren't doesn't don't didn't can't
  won't couldn't hasn't haven't`)

/** Words a conditional or temporal clause begins with. */
export const CLAUSE_OPENERS = setOf(
  'if when as because since unless while whenever although though whereas after before once until',
)

/** Adjectives of size, age, degree, worth and colour: they sharpen a genus but hardly ever make a term with it. */
export const DESCRIPTIVE = setOf(`
  small large big little tiny huge great long short tall low high wide narrow thick thin broad deep shallow heavy light
  new old young ancient modern early late former recent first last main chief major minor principal important common
  usual typical particular special specific general single simple complex whole entire similar different
  good bad better best worst strong weak hard soft rough smooth sharp loose stiff dry wet hot cold warm cool fast slow
  white black red green blue yellow brown grey gray purple pink orange bright dark pale clear
  showy attractive beautiful fragrant aromatic edible poisonous bitter sweet sour fleshy shrubby bushy hardy
  tropical northern southern eastern western central native local foreign wild domestic domesticated
  sudden elaborate huge enormous slight mild severe rare rich poor fine coarse plain narrow broad round flat
  widely relatively very extremely somewhat usually often mostly
`)

/** "a kind of B": the noun says nothing, B is the genus. */
export const KIND_NOUNS = setOf(`
  kind kinds type types sort sorts form forms variety varieties class classes example examples species subspecies breed
  breeds category instance one any each some several part-time various either number couple pair
`)
