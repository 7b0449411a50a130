/**
 * Who may import whom. A room is a folder of src/; `*` is any room.
 * `types` lists rooms of which only types may be imported: nothing of them is there when the program runs.
 * Every row may also import its own folder. The reasons are in ARCHITECTURE.md.
 */
export const rooms = {
  base: { may: [] },
  telephony: { may: ['base'] },
  'telephony/asterisk': { may: ['telephony/port', 'base'] },
  'telephony/simulator': { may: ['telephony/port', 'base'] },
  calendar: { may: ['base'], pure: true },
  speech: { may: ['base'] },
  flows: { may: ['speech', 'calendar', 'base'], pure: true },
  calls: { may: ['flows', 'speech', 'calendar', 'telephony/port', 'base'], pure: true },
  acd: { may: ['calendar', 'base'], pure: true },
  cases: { may: ['calendar', 'base'], types: ['calls', 'flows', 'acd'], pure: true },
  measures: { may: ['base'], types: ['calls', 'acd', 'cases', 'calendar'], pure: true },
  staffing: { may: ['acd', 'measures', 'base'], pure: true },
  lookups: { may: ['base'] },
  channels: { may: ['base'] },
  journal: { may: ['base'] },
  site: { may: ['flows', 'speech', 'calendar', 'acd', 'base'], types: ['calls', 'lookups', 'staffing'] },
  records: { may: ['measures', 'journal', 'base'] },
  switchboard: {
    may: [
      'site',
      'calls',
      'acd',
      'cases',
      'flows',
      'speech',
      'calendar',
      'telephony/port',
      'lookups/port',
      'channels/port',
      'journal/port',
      'base',
    ],
  },
  rehearsal: {
    may: ['switchboard', 'site', 'calls', 'cases', 'flows', 'speech', 'lookups/port', 'journal/port', 'base'],
  },
  web: { may: ['switchboard', 'records', 'base'], types: ['cases', 'acd', 'calls', 'measures'] },
  outside: { may: ['telephony/asterisk', 'speech', 'base'] },
  cli: { may: ['*'] },
};

/** Packages that a pure room must not have: they do I/O, keep time, or write logs. */
const impurePackages = ['pino', 'better-sqlite3', 'ws', 'fastify', '@fastify/', 'commander', 'ari-client'];

const names = Object.keys(rooms);
const pureRooms = names.filter((name) => rooms[name].pure);
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Files that belong to the room itself, not to a room inside it. */
function own(name) {
  const inner = names.filter((other) => other.startsWith(`${name}/`));
  const except = inner.length === 0 ? '' : `(?!(?:${inner.map((i) => i.slice(name.length + 1)).join('|')})/)`;
  return `^src/${literal(name)}/${except}`;
}

/** What `name` stands for in a list of rooms: the room's own files, or one file of it (`telephony/port`). */
function target(name) {
  return names.includes(name) ? own(name) : `^src/${literal(name)}\\.ts$`;
}

function roomRules(name) {
  const { may, types = [] } = rooms[name];
  if (may.includes('*')) return [];
  const allowed = [own(name), ...may.map(target)];
  const seen = [...may, ...types.map((room) => `types of ${room}`)].join(', ') || 'nothing';
  return [
    {
      name: `${name}-imports`,
      comment: `${name} may import only: ${seen}.`,
      severity: 'error',
      from: { path: own(name) },
      to: { path: '^(src|test|bench)/', pathNot: [...allowed, ...types.map(target)] },
    },
    ...types.map((room) => ({
      name: `${name}-imports-types-of-${room}`,
      comment: `${name} may import types of ${room} only (import type).`,
      severity: 'error',
      from: { path: own(name) },
      to: { path: target(room), dependencyTypesNot: ['type-only'] },
    })),
  ];
}

/**
 * Other rooms import a room by its index.ts or port.ts. Tests may look inside. Base has a side door, errors.ts, for
 * threads: what a whole room loads, each of them would load anew, for a third of a second of the processor. Web has one,
 * schemas.ts, for commands, which read what it answers and need no server.
 */
const sideDoors = { base: '|errors', web: '|schemas' };

const doors = names.map((name) => ({
  name: `${name}-door`,
  comment: `other rooms import ${name} only by its index.ts or port.ts.`,
  severity: 'error',
  from: { path: '^(src|bench)/', pathNot: own(name) },
  to: {
    path: own(name),
    pathNot: `^src/${literal(name)}/(index|port${sideDoors[name] ?? ''})\\.ts$`,
  },
}));

export default {
  forbidden: [
    ...names.flatMap(roomRules),
    ...doors,
    {
      name: 'no-cycle',
      comment: 'no cycles, not of types either: lay what both need into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'outside-for-cli-only',
      comment: 'only cli imports outside: the outside exchange stands apart from the engine.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/cli/', '^src/outside/'] },
      to: { path: '^src/outside/' },
    },
    {
      name: 'main-is-the-root',
      comment: 'nothing imports main.ts: it is the composition root.',
      severity: 'error',
      from: {},
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'src imports neither test nor bench.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'pure-without-node',
      comment: 'a pure room imports no node:* module: it decides, the shell does.',
      severity: 'error',
      from: { path: pureRooms.map(own) },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-without-io',
      comment: `a pure room imports none of: ${impurePackages.join(', ')}.`,
      severity: 'error',
      from: { path: pureRooms.map(own) },
      to: { path: `node_modules/(@types/)?(${impurePackages.map(literal).join('|')})` },
    },
    {
      name: 'one-room-knows-the-database',
      comment:
        'only journal imports better-sqlite3; records reads through journal. The files of others are read by lookups.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(journal/|lookups/sql-reader\\.ts$)' },
      to: { path: 'node_modules/(@types/)?better-sqlite3/' },
    },
    {
      name: 'no-development-package-in-the-product',
      comment: 'src imports dependencies, not devDependencies (types excepted).',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'resolvable',
      comment: 'an import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
