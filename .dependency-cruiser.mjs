// Imports point down. Each rule says why, so that whoever meets it knows what to do instead.
const src = (...rooms) => `^src/(?:${rooms.join('|')})/`

/** Rooms from top to bottom; a room may import what stands below it, and nothing above. */
const above = {
  schemas: ['^src/', '^db/', '^shards/', '^workers/'],
  db: ['^src/', '^shards/', '^workers/'],
  shards: ['^src/', '^workers/'],
}

const forbidden = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one idea.',
    from: {},
    to: { circular: true },
  },
  ...Object.entries(above).map(([room, rooms]) => ({
    name: `${room}-stand-below`,
    comment: `${room} know nothing of what is built on them.`,
    from: { path: `^${room}/` },
    to: { path: rooms },
  })),
  {
    name: 'language-is-pure',
    comment: 'Text functions are used from everywhere, so they import schemas at most.',
    from: { path: src('language') },
    to: { pathNot: ['^src/language/', '^schemas/'] },
  },
  {
    name: 'llm-knows-no-tables',
    comment: 'Slices of the limiter come in as parameters; llm never reaches a database.',
    from: { path: src('llm') },
    to: {
      path: [
        '^db/',
        '^shards/',
        '^workers/',
        src('passes', 'runner', 'control', 'commands', 'field', 'web', 'config'),
      ],
    },
  },
  {
    name: 'passes-look-down',
    comment: 'Passes are called by the runner and by control; they meet in tables.',
    from: { path: src('passes') },
    to: { path: ['^workers/', src('llm', 'runner', 'control', 'commands', 'field', 'web', 'config')] },
  },
  {
    name: 'passes-never-meet',
    comment: 'Two passes share tables, never code; what both need belongs in src/language or schemas.',
    from: { path: '^src/passes/([^/]+)/' },
    to: { path: '^src/passes/[^/]+/', pathNot: '^src/passes/$1/' },
  },
  {
    name: 'verbs-are-pure',
    comment: 'Only stage.ts may reach the database; a verb gets values and returns values.',
    from: { path: '^src/passes/[^/]+/', pathNot: '/stage\\.ts$' },
    to: {
      path: ['^db/', '^shards/', '^(?:node:)?(?:fs|child_process|net|http|worker_threads)', 'better-sqlite3'],
    },
  },
  {
    name: 'runner-stands-below-control',
    comment: 'The thread side knows nothing of the host side.',
    from: { path: src('runner') },
    to: { path: ['^workers/(?!protocol)', src('control', 'commands', 'field', 'web', 'config')] },
  },
  {
    name: 'control-stands-below-commands',
    comment: 'What a person types and reads is no affair of the host side.',
    from: { path: src('control') },
    to: { path: ['^src/cli', src('commands', 'web', 'config')] },
  },
  {
    name: 'field-reads-only',
    comment: 'The read side opens what is published and knows nothing of how it was made.',
    from: { path: src('field') },
    to: { path: src('control', 'runner', 'commands', 'web', 'config', 'llm') },
  },
  {
    name: 'web-stands-below-commands',
    comment: 'The page asks control and field, as the commands do; what is typed is no affair of it.',
    from: { path: src('web') },
    to: { path: ['^src/cli', src('commands', 'config')] },
  },
  {
    name: 'page-is-for-browsers',
    comment:
      'What is bundled for a browser has no files and no tables: schemas, and pure words of the field and the language.',
    from: { path: '^src/web/page/' },
    to: {
      path: ['^(?:src|db|shards|workers)/', '^(?:node:)'],
      pathNot: ['^src/web/page/', '^src/language/', '^src/field/search/query-words'],
    },
  },
  {
    name: 'page-is-bundled',
    comment: 'The server sends the bundle; code for browsers does not run in it.',
    from: { pathNot: '^src/web/page/' },
    to: { path: '^src/web/page/' },
  },
  {
    name: 'workers-are-loaded-by-url',
    comment: 'A thread entry that is imported would run in the wrong thread.',
    from: {},
    to: { path: '^workers/.*-worker\\.ts$', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'only-cli-is-the-top',
    comment: 'Nothing imports the command line.',
    from: {},
    to: { path: '^src/cli\\.ts$' },
  },
  {
    name: 'nothing-from-tests',
    comment: 'The program does not know its tests and benches.',
    from: { path: '^(?:src|db|shards|workers|schemas)/' },
    to: { path: '^(?:test|bench)/' },
  },
]

export default {
  forbidden: forbidden.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
    },
  },
}
