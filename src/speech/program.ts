import { spawn } from 'node:child_process';
import { OnedoorError } from '../base/index.js';

/** A program of the toolbox. */
export interface Program {
  /** The beginning of its argument list: loader, library path, program. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** No prompt is longer: an hour of 16-bit sound at 48 kHz. */
const mostOutput = 350_000_000;

/**
 * Runs a program with an input to its end.
 *
 * @param limitMs killed after this time.
 * @returns what it wrote. Throws ONEDOOR_SPEECH_PROGRAM when it cannot start, fails, takes too long or writes too much.
 */
export function runProgram(
  program: Program,
  args: readonly string[],
  input: Uint8Array | string,
  limitMs: number,
): Promise<Buffer> {
  const [file, ...before] = program.command;
  const name = (program.command.at(-1) ?? '').replace(/^.*\//, '');
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void => {
      reject(new OnedoorError('ONEDOOR_SPEECH_PROGRAM', { program: name, why }, cause));
    };
    if (file === undefined) return fail('it has no command');
    const child = spawn(file, [...before, ...args], {
      env: { ...process.env, ...program.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    const output: Buffer[] = [];
    let size = 0;
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostOutput) child.kill('SIGKILL');
      else output.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-500);
    });
    // A program that ends before it has read everything says why by its exit.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => fail(error.message, error));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output));
      else if (signal === 'SIGKILL') fail(`it took longer than ${limitMs} ms or wrote too much`);
      else fail(complaint.trim().split('\n').at(-1) || `it ended with ${code ?? signal}`);
    });
    child.stdin.end(input);
  });
}
