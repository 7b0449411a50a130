/**
 * `npm run check:container`: follows the Dockerfile's steps in a plain folder, as an ordinary user and without Docker:
 * COPY and RUN are carried out with paths mapped below that folder, the container's command is started there, and its
 * health check asked until it is well. Then the engine is killed (the exchange must live on) and everything stopped.
 *
 * What is left out: packages that apt-get installs (root's work; what they bring must be on this machine), and the
 * borders of a container. ONEDOOR_CACHE is copied into the build, so that nothing is fetched or compiled twice.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { admitted, execForm, stagesOf } from '../dockerfile.mjs';

const project = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const self = fileURLToPath(import.meta.url);
const began = performance.now();
const say = (line) =>
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);

/** What is asked of somebody who is not root. The folder is short: a unix socket's path has an end. */
function asOrdinaryUser() {
  const folder = mkdtempSync('/tmp/container-');
  const cache = join(folder, 'cache');
  try {
    if (process.env.ONEDOOR_CACHE) {
      mkdirSync(cache);
      for (const name of readdirSync(process.env.ONEDOOR_CACHE).filter((one) =>
        /^(toolbox|better-sqlite3|voice)/.test(one),
      ))
        cpSync(join(process.env.ONEDOOR_CACHE, name), join(cache, name), {
          recursive: true,
          verbatimSymlinks: true,
        });
    }
    const npm = (word) => spawnSync('npm', ['config', 'get', word], { encoding: 'utf8' }).stdout.trim();
    const env = { ...process.env, CONTAINER_FOLDER: folder };
    const ids = {};
    if (process.getuid() === 0) {
      const nobody = Number(spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout);
      const group = Number(spawnSync('id', ['-g', 'nobody'], { encoding: 'utf8' }).stdout);
      spawnSync('chown', ['-R', `${nobody}:${group}`, folder]);
      Object.assign(ids, { uid: nobody, gid: group });
      Object.assign(env, { HOME: join(folder, 'home'), npm_config_registry: npm('registry') });
      if (npm('cafile') !== 'null') env.npm_config_cafile = npm('cafile');
    }
    return spawnSync(process.execPath, [self], { env, stdio: 'inherit', cwd: '/', ...ids }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The container's root folder. It keeps its path from stage to stage, since what is built remembers where it lies. */
const folder = process.env.CONTAINER_FOLDER ?? '';
const root = join(folder, 'root');
const stageFolder = (name) => join(folder, `stage-${name}`);

const stages = stagesOf(readFileSync(join(project, 'Dockerfile'), 'utf8'));
/** Absolute paths that the Dockerfile itself makes; all others mean the machine's. */
const own = [
  ...new Set(
    stages
      .flatMap(({ steps }) => steps)
      .filter(({ keyword }) => ['WORKDIR', 'COPY', 'ENV', 'VOLUME', 'RUN'].includes(keyword))
      .flatMap(({ text }) => text.match(/(?<![\w.])\/(opt|srv|var\/lib|usr\/local\/bin)\/[\w./-]+/g) ?? [])
      .filter((path) => !path.startsWith('/var/lib/apt')),
  ),
].sort((a, b) => b.length - a.length);
const mapped = (text) =>
  text.replace(/(?<![\w./])\/[\w./-]+/g, (path) =>
    own.some((one) => path === one || path.startsWith(`${one}/`)) ? root + path : path,
  );

function failed(what, { line } = {}) {
  throw new Error(line === undefined ? what : `Dockerfile:${line} ${what}`);
}

/** @returns what the container would start with */
function build() {
  const state = { env: {}, folder: '/', user: 'root', health: undefined, command: undefined };
  for (const { name, image, steps } of stages) {
    if (!/^node:20(\.|-)/.test(image)) failed(`the image ${image} is not Node 20`);
    if (existsSync(root))
      renameSync(root, stageFolder(stages[stages.findIndex((one) => one.name === name) - 1].name));
    mkdirSync(root);
    Object.assign(state, { env: {}, folder: '/', user: 'root', health: undefined, command: undefined });
    if (name === stages[0].name && existsSync(join(folder, 'cache'))) {
      const target =
        stages[0].steps.find(({ text }) => /ONEDOOR_CACHE=/.test(text))?.text.split('=')[1] ?? '';
      mkdirSync(dirname(root + target), { recursive: true });
      renameSync(join(folder, 'cache'), root + target);
    }
    for (const step of steps) follow(step, state);
  }
  if (state.user === 'root') failed('the container runs as root');
  return state;
}

function follow(step, state) {
  const { keyword, words, text, line } = step;
  switch (keyword) {
    case 'ENV':
      for (const [, key, value] of text.matchAll(/(\w+)=(\S+)/g)) state.env[key] = mapped(value);
      return;
    case 'WORKDIR':
      state.folder = words[0];
      mkdirSync(root + state.folder, { recursive: true });
      return;
    case 'COPY':
      return copy(step, state);
    case 'RUN':
      return run(step, state);
    case 'USER':
      state.user = words[0];
      return;
    case 'HEALTHCHECK':
      state.health = execForm(text.replace(/^CMD /, '')) ?? failed('HEALTHCHECK is a shell line', step);
      return;
    case 'CMD':
      state.command =
        execForm(text) ?? failed('CMD is a shell line: signals would not reach the program', step);
      return;
    case 'VOLUME':
      if (!existsSync(root + words[0])) failed(`there is no ${words[0]}`, step);
      return;
    case 'EXPOSE':
    case 'STOPSIGNAL':
      return;
    default:
      failed(`${keyword} is not known here (line ${line})`, step);
  }
}

function copy({ words, flags, line }, state) {
  const context = flags.from === undefined ? project : stageFolder(flags.from);
  const target = words.at(-1) ?? '';
  const to = root + resolve(state.folder, target);
  const let_in =
    flags.from === undefined ? admitted(readFileSync(join(project, '.dockerignore'), 'utf8')) : undefined;
  for (const word of words.slice(0, -1)) {
    const from = join(context, word);
    if (let_in !== undefined && !let_in.includes(word.split('/')[0]))
      failed(`.dockerignore leaves ${word} out`, { line });
    if (!existsSync(from)) failed(`there is no ${word}`, { line });
    // Of a folder its content is copied, of a file the file: into a folder where the target says so.
    const into = lstatSync(from).isDirectory() || !/(\/|^\.)$/.test(target) ? to : join(to, basename(word));
    mkdirSync(dirname(into), { recursive: true });
    cpSync(from, into, { recursive: true, verbatimSymlinks: true });
  }
  say(`COPY ${words.join(' ')}`);
}

function run({ text, line }, state) {
  const parts = text.split(' && ').filter((part) => !/^(apt-get|rm -rf \/var\/lib\/apt)\b/.test(part));
  const installed =
    /apt-get install .*?((?: [a-z][\w+.-]*)+)(?= &&|$)/.exec(text)?.[1]?.trim().split(' ') ?? [];
  for (const name of installed.filter((one) => !one.startsWith('ca-')))
    if (spawnSync(name, ['--version']).status !== 0)
      say(`RUN apt-get install ${name}: not on this machine; the set-up borrows it`);
  if (parts.length === 0) return say('RUN apt-get ...: left out, it is root’s work');
  for (const [path] of text.matchAll(/(?<![\w.])\/usr\/local\/bin\/[\w-]+/g))
    mkdirSync(dirname(root + path), { recursive: true });
  const { HOME, PATH, NODE_EXTRA_CA_CERTS, npm_config_registry, npm_config_cafile } = process.env;
  const env = { HOME, PATH, NODE_EXTRA_CA_CERTS, npm_config_registry, npm_config_cafile, ...state.env };
  const line_ = mapped(parts.join(' && '));
  const { status } = spawnSync('sh', ['-ec', line_], {
    cwd: root + state.folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) failed(`ended with ${status}: ${line_}`, { line });
  say(`RUN ${parts.join(' && ')}`);
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function eventually(what, limitMs, holds) {
  for (const start = performance.now(); performance.now() - start < limitMs; await pause(300))
    if (await holds()) return;
  failed(`${what}: not within ${limitMs / 1000} s`);
}

async function live(state) {
  // The image's own files are for reading only, as `read_only: true` has it.
  const writable = root + stages.at(-1).steps.find(({ keyword }) => keyword === 'VOLUME').words[0];
  for (const name of ['opt', 'usr']) spawnSync('chmod', ['-R', 'a-w', join(root, name)]);
  const env = {
    PATH: process.env.PATH,
    ...state.env,
    ONEDOOR_HTTP: process.env.ONEDOOR_HTTP || `127.0.0.1:${await freePort()}`,
    ONEDOOR_SIP: process.env.ONEDOOR_SIP || `127.0.0.1:${await freePort()}`,
    ONEDOOR_RTP: process.env.ONEDOOR_RTP || '31000-31039',
  };
  const [program, ...args] = state.command;
  const first = spawn(program, args, {
    cwd: root + state.folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((done) => first.once('exit', (code, signal) => done(signal ?? code)));
  const onedoor = (...words) =>
    spawnSync(join(root, 'usr/local/bin/onedoor'), words, { cwd: '/', env, encoding: 'utf8' });
  const health = () =>
    spawnSync(state.health[0], state.health.slice(1), { cwd: root + state.folder, env }).status;
  try {
    await eventually('the health check', 180_000, () =>
      first.exitCode === null ? health() === 0 : failed('the container ended'),
    );
    say(`healthy; ${state.command.join(' ')} runs as ${userInfo().username}`);
    const { status, stdout } = onedoor('doctor');
    if (status !== 0) failed(`onedoor doctor is ill:\n${stdout}`);
    const exchange = () => JSON.parse(readFileSync(join(writable, 'exchange/exchange.json'), 'utf8')).pid;
    const engine = () => JSON.parse(readFileSync(join(writable, 'lock'), 'utf8')).pid;
    const before = { exchange: exchange(), engine: engine() };
    // An engine that lived too short is not started again.
    await eventually('the engine is ten seconds old', 20_000, () => aged(before.engine));
    process.kill(before.engine, 'SIGKILL');
    await eventually(
      'a new engine',
      30_000,
      () => existsSync(join(writable, 'lock')) && engine() !== before.engine && health() === 0,
    );
    if (exchange() !== before.exchange) failed('the exchange did not outlive the engine');
    say('the engine was killed: the exchange lived on, a new engine took over');
    first.kill('SIGTERM');
    const code = await Promise.race([ended, pause(60_000).then(() => 'nothing: it still runs')]);
    if (code !== 0) failed(`a stop ended with ${code}`);
    if (runs(before.exchange)) failed('the exchange runs on after the stop');
    say('stopped');
  } finally {
    if (first.exitCode === null) first.kill('SIGTERM');
    await Promise.race([ended, pause(20_000)]);
    if (first.exitCode === null) first.kill('SIGKILL');
    for (const name of ['opt', 'usr']) spawnSync('chmod', ['-R', 'u+w', join(root, name)]);
  }
}

/** Whether a process is more than an entry that nobody has reaped. */
const runs = (pid) => existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';

/** Whether a process has lived long enough that its death is one. */
function aged(pid) {
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return uptime - Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / 100 > 11;
}

if (folder === '') process.exitCode = asOrdinaryUser();
else
  try {
    mkdirSync(process.env.HOME ?? '', { recursive: true });
    chmodSync(folder, 0o755);
    await live(build());
    say('the container would work');
  } catch (error) {
    console.error(`container: ${error.message}`);
    process.exitCode = 1;
  }
