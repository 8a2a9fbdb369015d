/**
 * Every code this program can report, once.
 *
 * A code is never renamed or reused: codes stand in people's files. `docs/errors.md` explains each; a test
 * compares the two lists. `kind` says where a code lives:
 *
 * - `input`     a line of a corpus that was refused
 * - `answer`    a model's answer that is not valid; the cluster moves on to its next lane
 * - `transport` a request that got no usable answer
 * - `program`   thrown to the command line, with an exit code
 */

export type FailureKind = 'input' | 'answer' | 'transport' | 'program'

interface FailurePolicy {
  readonly kind: FailureKind
  /** Whether the same deed may succeed when it is simply repeated. */
  readonly retry: boolean
  readonly hint: string
  /** Exit code of the process when this one ends it; see docs/cli.md. */
  readonly exitCode?: number
}

const input = (hint: string): FailurePolicy => ({ kind: 'input', retry: false, hint })
const answer = (hint: string): FailurePolicy => ({ kind: 'answer', retry: false, hint })
const transport = (retry: boolean, hint: string): FailurePolicy => ({ kind: 'transport', retry, hint })
const program = (exitCode: number, hint: string): FailurePolicy => ({
  kind: 'program',
  retry: false,
  exitCode,
  hint,
})

export const FAILURES = {
  // Lines of a corpus.
  line_not_json: input('make the line one JSON object, or leave it out'),
  line_not_object: input('the line must be a JSON object with a text field'),
  line_not_utf8: input('save the file as UTF-8'),
  line_not_csv: input('close the quotes and give the line as many fields as the header has'),
  line_too_long: input('split the record; plan.maxLineBytes is the limit'),
  line_has_nul: input('remove the NUL characters'),
  text_missing: input('name the column that holds the text with --map text=COLUMN'),
  text_too_long: input('split the statement; plan.maxTextChars is the limit'),
  text_lone_surrogate: input('the text has half a character; write the record again from its source'),
  field_wrong_type: input('fact_id, dup_group_id, domain and source must be text or whole numbers'),
  fact_id_too_long: input('use ids of at most 512 characters'),
  fact_id_repeated: input('two records have one id but different content; give one of them another id'),
  removed_unknown: input('the record asks to remove a fact that was never planned'),

  // Answers of a model.
  json_invalid: answer('no JSON object could be read from the answer without inventing or dropping text'),
  schema_invalid: answer('the JSON has other fields or types than the answer schema'),
  answer_truncated: answer('the answer hit its length limit; a larger one is allowed in the repair call'),
  answer_refused: answer('the model declined; read the case and accept the gap or use another model'),
  answer_filtered: answer('the provider filtered the answer; read the case and accept the gap'),
  answer_empty: answer('the model answered nothing'),
  member_unknown: answer('an i is not in the cluster'),
  member_repeated: answer('an i is listed twice'),
  member_unaccounted: answer('an i is neither kept nor dropped'),
  keep_empty: answer('no fact was kept'),
  keep_disconnected: answer('the kept facts do not hang together through relations'),
  relation_self: answer('a relation points from a fact to itself'),
  relation_endpoint_dropped: answer('a relation has an end that was not kept'),
  relation_cycle: answer('refines or depends_on go round in a circle'),
  relation_type_unknown: answer('the relation type is not in the configured list'),
  support_missing_endpoint: answer('the support list lacks an end of its relation'),
  support_unknown: answer('the support list names a fact that was not kept'),
  contradicts_not_explicit: answer('contradicts needs language of contradiction in its supporting facts'),
  depends_on_not_explicit: answer('depends_on needs language of dependency in its supporting facts'),
  canonical_not_kept: answer('canonical_i is not one of the kept facts'),
  concept_unnamed: answer('the concept has no name'),
  concept_name_not_grounded: answer('no word of the name stands in the kept facts'),

  // Between us and a provider.
  provider_timeout: transport(true, 'the provider did not answer in time'),
  provider_busy: transport(true, 'the provider asked us to wait'),
  provider_error: transport(true, 'the provider failed or the connection broke'),
  provider_rejected: transport(false, 'the provider does not accept this request; see its message'),
  request_too_large: transport(
    false,
    'the cluster is larger than the model can read; lower expand.maxMembers',
  ),
  batch_unfinished: transport(true, 'the batch ended before this request was done; it goes into another one'),
  provider_unauthorised: transport(false, 'check the key variable of the provider'),
  provider_no_credit: transport(false, 'add credit at the provider, then run again'),
  provider_model_unknown: transport(false, 'check the name of the model'),
  embedding_unusable: transport(true, 'the server sent no vector that can be used; see its message'),

  // The program.
  usage: program(2, 'see rff-shard --help, or rff-shard COMMAND --help'),
  config_invalid: program(
    2,
    'correct the settings named above; rff-shard init writes a file with all of them',
  ),
  input_not_found: program(2, 'check the path'),
  input_unreadable: program(2, 'check the format and the permissions of the file'),
  file_exists: program(2, 'remove the file, or name another place: nothing of yours is overwritten'),
  too_many_refused: program(3, 'look at the refused lines, or raise --max-refused'),
  workspace_missing: program(2, 'run rff-shard plan first, or name the workspace with --workspace'),
  plan_bad_count: program(2, 'choose 1 to 8192 shards'),
  plan_mismatch: program(2, 'restore the shard files of this plan, or plan into a new workspace'),
  plan_frozen: program(2, 'plan without --frozen, or leave the changed facts out'),
  plan_unfinished: program(2, 'run the same rff-shard plan again; it goes on where it stopped'),
  shard_unknown: program(2, 'choose a shard that rff-shard status lists'),
  shard_damaged: program(
    7,
    'see with rff-shard audit --deep what is hit; put a copy of the file back, merge without it (--allow-partial), or plan again into a new workspace',
  ),
  shard_missing: program(
    7,
    'put a copy of the file back, merge without it (--allow-partial), or plan its facts again into a new workspace (-w DIR)',
  ),
  schema_older: program(
    2,
    'use the version of rff-shard that wrote the file, or plan the facts again into a new workspace (-w DIR)',
  ),
  schema_behind: program(
    2,
    'run the command that is named once; it brings the file up to date and asks nothing again',
  ),
  schema_newer: program(2, 'use the version of rff-shard that wrote the file, or a newer one'),
  lock_held: program(8, 'wait for the holder, or stop it'),
  lease_lost: program(8, 'another process took the shard over; nothing was written since'),
  run_not_going: program(
    2,
    'begin one with rff-shard run; ctl speaks to processes that run on the workspace',
  ),
  run_caps_differ: program(
    2,
    'finish it, change its caps with rff-shard ctl set, or begin another with --new',
  ),
  provider_unknown: program(2, 'name a provider of the table in docs/cli.md, or add it to rff.toml'),
  provider_key_missing: program(2, 'set the variable that holds the key'),
  budget_spent: program(4, 'raise the cap, or be content with what is done'),
  embeddings_not_set: program(2, 'name a model under [embeddings] in rff.toml'),
  embedding_dimensions_differ: program(
    2,
    'a model gives vectors of one length; set embeddings.dimensions to it, or name another model',
  ),
  embeddings_missing: program(2, 'run rff-shard embed; until then search is by words'),
  embeddings_changed: program(2, 'run rff-shard embed again; texts that this model has seen cost nothing'),
  embeddings_unsupported: program(2, 'install the prebuilt sqlite-vec of this platform; search is by words'),
  window_exhausted: program(5, 'run again at the time named above'),
  batches_pending: program(5, 'run the same command again later, or with --wait: it fetches what is done'),
  systemic_failure: program(6, 'mend what the provider said, then run again; the frontier is untouched'),
  sqlite_unbuilt: program(
    2,
    'run npm rebuild better-sqlite3 where rff-shard is installed; a C++ compiler, make and Python 3 are needed where no prebuilt file can be fetched',
  ),
  disk_failed: program(
    6,
    'look at the log of the system, move the files to a sound disk, then run again; what was acknowledged is safe if it can be read',
  ),
  file_denied: program(2, 'let the user that runs rff-shard write the file and its folder, then run again'),
  disk_full: program(6, 'make room, then run again; nothing is lost'),
  gate_failed: program(3, 'read health.md, mend the cause, or publish with --override-gate NAME'),
  field_missing: program(2, 'run rff-shard merge first'),
  nothing_to_merge: program(2, 'run rff-shard run first'),
  not_found: program(2, 'check the id; ids are matched exactly'),
  correction_invalid: program(
    2,
    'mend what is listed above and give the structure again; nothing was changed',
  ),
  case_decided: program(2, 'see rff-shard quarantine show for what stands; retry undoes a correction'),
  archive_damaged: program(2, 'restore the archive from another copy; nothing was taken from this one'),
  loop_paused: program(3, 'see rff-shard loop status, mend the cause, then rff-shard loop resume'),
  audit_failed: program(1, 'an invariant is broken; keep the files and report it'),
  interrupted: program(130, 'run the same command again; it goes on where it stopped'),
  internal: program(1, 'this is a fault of rff-shard; please report it with the message above'),
} as const satisfies Record<string, FailurePolicy>

export type FailureCode = keyof typeof FAILURES

export const failureCodes = Object.keys(FAILURES) as FailureCode[]

/** A failure as data: what went wrong with one record, with the evidence a person needs to judge it. */
export interface Failure {
  readonly code: FailureCode
  readonly message: string
  readonly evidence?: unknown
}

/** What a verb that meets foreign text returns: a bad record is a value, a broken program is a throw. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure }

export const good = <T>(value: T): Outcome<T> => ({ ok: true, value })
export const bad = (code: FailureCode, message: string, evidence?: unknown): Outcome<never> => ({
  ok: false,
  failure: { code, message, ...(evidence === undefined ? {} : { evidence }) },
})

/** The only error this program throws on purpose. The message holds what was found and what was expected. */
export class RffError extends Error {
  override readonly name = 'RffError'
  readonly code: FailureCode
  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
  get hint(): string {
    return FAILURES[this.code].hint
  }
  get exitCode(): number {
    const policy: FailurePolicy = FAILURES[this.code]
    return policy.exitCode ?? 1
  }
}
