/** Who a process is, so that a process id that was given to another program is not taken for the old one. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  /** Start of the process in clock ticks since boot (proc(5) stat, field 22); empty without /proc. */
  readonly started: string;
  /** Machine, boot and pid namespace: elsewhere a pid says nothing. */
  readonly where: string;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid), where: whereWeAre() };
}

/** `elsewhere`: another machine or container; only signs of life can tell. */
export function stateOf(identity: ProcessIdentity): 'lives' | 'gone' | 'elsewhere' {
  if (identity.where !== whereWeAre()) return 'elsewhere';
  return exists(identity.pid) && startOf(identity.pid) === identity.started ? 'lives' : 'gone';
}

function whereWeAre(): string {
  return [hostname(), read('/proc/sys/kernel/random/boot_id').trim(), namespace()].join(' ');
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    // Without /proc the host's name has to do.
    return '';
  }
}

function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  // The second field, the name in brackets, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie is dead: it holds nothing any more.
  return fields[0] === 'Z' ? 'dead' : (fields[19] ?? '');
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there, or not for us to read: both mean that nothing is known.
    return '';
  }
}
