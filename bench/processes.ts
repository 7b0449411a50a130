/** What processes cost, read from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of a process with all its threads, milliseconds; the kernel counts in steps of 10. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may hold spaces: fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** CPU time of each thread of a process by the thread's id, milliseconds; the first thread's id is the process's. */
export function threadsCpuMs(pid: number): ReadonlyMap<number, number> {
  const threads = new Map<number, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    // Time on a processor, nanoseconds; then the time that it waited for one, and how often it ran.
    const [ran = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    threads.set(Number(thread), Number(ran) / 1e6);
  }
  return threads;
}

/** CPU time of the machine, milliseconds of all its processors together: in use, and in all. */
export function machineCpuMs(): { readonly busy: number; readonly all: number } {
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  // user nice system idle iowait irq softirq steal; what guests use is in the first two already.
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, ...more] = first
    .split(/\s+/)
    .slice(1, 9)
    .map((ticks) => Number(ticks) * 10);
  const busy = user + nice + system + more.reduce((sum, ms) => sum + ms, 0);
  return { busy, all: busy + idle + iowait };
}

/** Resident memory, megabytes. */
export function rssMb(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that so large a share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
