/** Conditions and values in CEL: checked when a flow is read, run with JSON in and JSON out. Pure. */
import { type ASTNode, Environment, EvaluationError } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import type { Json, JsonObject } from '../base/index.js';
import type { FlowCaller } from './flow.js';

export type Wanted = 'bool' | 'text' | 'any';

/** Why an expression cannot be used. */
type ExpressionProblem =
  | { readonly problem: 'syntax' | 'unknown-name' | 'type'; readonly detail: string }
  | { readonly problem: 'pattern'; readonly detail: string }
  | { readonly problem: 'matches' }
  | { readonly problem: 'too-long' };

interface Scope {
  readonly vars: JsonObject;
  readonly caller: FlowCaller;
}

/** Throws when the expression fails on these values: a fault of the flow. */
type Evaluate = (scope: Scope) => Json;

export interface Expressions {
  check(text: string, wanted: Wanted): ExpressionProblem | null;
  /** Names of the values whose fields it reads without asking first whether they are there; of a checked one. */
  lookedInto(text: string): readonly string[];
  /** Names of all values that it looks at; of a checked one. */
  names(text: string): readonly string[];
  /** Names of the values (and `caller.number`) that may be part of what it gives, not only compared; of a checked one. */
  handedOn(text: string): readonly string[];
  /** For expressions that were checked; throws on others. */
  compile(text: string): Evaluate;
}

/** Beyond these an expression could run long, or a value eat the call's memory. */
const limits = {
  characters: 1_000,
  nodes: 200,
  depth: 24,
  list: 100,
  /** Walks over a list (`all`, `map`...) or a text (`fits`) within one expression, one after the other. */
  walks: 2,
  /** Characters of all texts that an expression may give, and so of each that one may be given. */
  text: 4_000,
  /** Values in lists and maps, in the same way. */
  values: 1_000,
  /** Characters of a pattern, and of a text that is held against one. */
  pattern: 100,
  fits: 1_000,
} as const;

const walkers = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'fits']);

/** The expressions of one flow; `names` are all values that the flow ever sets. One that is not set yet is null. */
export function expressionsOf(names: readonly string[]): Expressions {
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: limits.nodes,
      maxDepth: limits.depth,
      maxListElements: limits.list,
      maxMapEntries: limits.list,
    },
  }).registerVariable({
    name: 'caller',
    schema: { language: 'string', languageChosen: 'bool', number: 'dyn' },
  });
  const patterns = new Map<string, RE2JS>();
  const patternOf = (text: string): RE2JS => {
    const pattern = patterns.get(text) ?? RE2JS.compile(text);
    patterns.set(text, pattern);
    return pattern;
  };
  environment.registerFunction('string.fits(string): bool', (text: string, pattern: string) => {
    if (text.length > limits.fits) throw new RangeError(`fits() reads at most ${limits.fits} characters`);
    return patternOf(pattern).matches(text);
  });
  for (const name of names) environment.registerVariable(name, 'dyn');

  /** Why a pattern of the expression cannot be used; null: all can. */
  function patternProblem(ast: ASTNode): ExpressionProblem | null {
    let problem: ExpressionProblem | null = null;
    visit(ast, (node) => {
      if (node.op !== 'rcall' || node.args[0] !== 'fits') return;
      const [pattern] = node.args[2];
      // One that comes from a caller, or from an answer, could not be checked before.
      if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
        problem ??= { problem: 'pattern', detail: 'it does not stand there as a text in quotes' };
      else if (pattern.args.length > limits.pattern)
        problem ??= { problem: 'pattern', detail: `it has more than ${limits.pattern} characters` };
      else {
        try {
          patternOf(pattern.args);
        } catch (error) {
          const detail = error instanceof Error ? error.message : String(error);
          problem ??= { problem: 'pattern', detail };
        }
      }
    });
    return problem;
  }

  return {
    check(text, wanted) {
      if (text.length > limits.characters) return { problem: 'too-long' };
      const checked = environment.check(text);
      if (!checked.valid) {
        const detail = checked.error?.summary ?? 'it cannot be read';
        const code = checked.error?.code ?? '';
        if (code === 'unknown_variable' || code === 'no_such_key') return { problem: 'unknown-name', detail };
        return { problem: checked.error?.name === 'ParseError' ? 'syntax' : 'type', detail };
      }
      const { ast } = environment.parse(text);
      if (callsIn(ast).includes('matches')) return { problem: 'matches' };
      const pattern = patternProblem(ast);
      if (pattern !== null) return pattern;
      if (walksIn(ast) > limits.walks) return { problem: 'too-long' };
      const type = checked.type ?? 'dyn';
      if (wanted === 'bool' && type !== 'bool' && type !== 'dyn') {
        return { problem: 'type', detail: `It gives ${type}, not true or false` };
      }
      if (wanted === 'text' && type !== 'string' && type !== 'dyn') {
        return { problem: 'type', detail: `It gives ${type}, not a text` };
      }
      return null;
    },
    lookedInto(text) {
      const { ast } = environment.parse(text);
      const asked = new Set<string>();
      const into = new Set<string>();
      visit(ast, (node) => {
        // `has(row.field)` and `row == null` are the asking.
        if (node.op === 'call' && node.args[0] === 'has')
          for (const name of namesIn(node.args[1])) asked.add(name);
        if (node.op === '==' || node.op === '!=') {
          for (const side of node.args) if (side.op === 'id') asked.add(side.args);
        }
        if ((node.op === '.' || node.op === '[]') && node.args[0].op === 'id') into.add(node.args[0].args);
      });
      return [...into].filter((name) => !asked.has(name));
    },
    names(text) {
      return [...namesIn(environment.parse(text).ast)];
    },
    handedOn(text) {
      return [...handedOn(environment.parse(text).ast)];
    },
    compile(text) {
      const run = environment.parse(text);
      const used = namesIn(run.ast);
      const vars = names.filter((name) => used.has(name));
      const asksCaller = used.has('caller');
      return (scope) => {
        const values: Record<string, unknown> = {};
        for (const name of vars) values[name] = toCel(scope.vars[name] ?? null);
        if (asksCaller) values['caller'] = { ...scope.caller };
        try {
          return fromCel(run(values), { text: limits.text, values: limits.values });
        } catch (error) {
          // CEL's own message draws the place over several lines.
          const why = error instanceof EvaluationError ? error.summary : String(error);
          throw new Error(`\`${text}\`: ${why}`, { cause: error });
        }
      };
    },
  };
}

function visit(node: unknown, see: (node: ASTNode) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, see);
  } else if (typeof node === 'object' && node !== null && 'op' in node && 'args' in node) {
    see(node as ASTNode);
    visit(node.args, see);
  }
}

function callsIn(ast: ASTNode | readonly ASTNode[]): string[] {
  const calls: string[] = [];
  visit(ast, (node) => {
    if (node.op === 'call' || node.op === 'rcall') calls.push(node.args[0]);
  });
  return calls;
}

/** Walks of an expression; one within another counts as too many, since each multiplies the other. */
function walksIn(ast: ASTNode): number {
  let walks = 0;
  visit(ast, (node) => {
    if (node.op !== 'rcall' || !walkers.has(node.args[0])) return;
    walks += 1;
    if (callsIn(node.args[2]).some((name) => walkers.has(name))) walks = Number.POSITIVE_INFINITY;
  });
  return walks;
}

/** What comes out true or false tells nothing of what was compared. */
const judging = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||', '!_']);

function handedOn(node: unknown): Set<string> {
  const found = new Set<string>();
  const add = (inner: unknown): void => {
    for (const name of handedOn(inner)) found.add(name);
  };
  if (Array.isArray(node)) for (const item of node) add(item);
  else if (typeof node === 'object' && node !== null && 'op' in node && 'args' in node) {
    const { op, args } = node as ASTNode;
    if (judging.has(op) || (op === 'call' && args[0] === 'has')) return found;
    if (op === 'id') found.add(args === 'caller' ? 'caller.number' : args);
    else if (op === '?:') add(args.slice(1));
    else if (op === '.' && args[0].op === 'id' && args[0].args === 'caller') found.add(`caller.${args[1]}`);
    else add(args);
  }
  return found;
}

function namesIn(ast: unknown): Set<string> {
  const names = new Set<string>();
  visit(ast, (node) => {
    if (node.op === 'id') names.add(node.args);
  });
  return names;
}

/** CEL counts in 64-bit integers; a whole number of JSON is one. */
function toCel(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => toCel(item as Json));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
  }
  return value;
}

function fromCel(value: unknown, budget: { text: number; values: number }): Json {
  budget.values -= 1;
  if (typeof value === 'string') budget.text -= value.length;
  if (budget.text < 0 || budget.values < 0) throw new RangeError('the value is too big');
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value.toString();
    }
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item) => fromCel(item, budget));
      const entries = value instanceof Map ? [...value.entries()] : plainEntries(value);
      return Object.fromEntries(entries.map(([key, item]) => [String(key), fromCel(item, budget)]));
    }
    default:
      throw new TypeError(`a ${typeof value} cannot be kept`);
  }
}

function plainEntries(value: object): [string, unknown][] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('a value of this kind cannot be kept; turn it into a text with string()');
  }
  return Object.entries(value);
}
