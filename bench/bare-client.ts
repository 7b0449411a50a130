/** The peer: the smallest program with the npm package `ari-client` that answers, plays a prompt and hangs up. */
import { createRequire } from 'node:module';

/** As much of the package as is used; it brings no types. */
interface BareChannel {
  answer(): Promise<void>;
  hangup(): Promise<void>;
  play(what: { media: string }, playback: BarePlayback): Promise<unknown>;
}
interface BarePlayback {
  once(event: 'PlaybackFinished', listener: () => void): void;
}
interface BareClient {
  on(event: 'StasisStart', listener: (event: unknown, channel: BareChannel) => void): void;
  Playback(): BarePlayback;
  start(app: string): Promise<void>;
}
const ari = createRequire(import.meta.url)('ari-client') as {
  connect(url: string, user: string, password: string): Promise<BareClient>;
};

const [url = '', user = '', password = '', sound = ''] = process.argv.slice(2);
const client = await ari.connect(url, user, password);
const told = (error: unknown): boolean => process.stderr.write(`${String(error)}\n`);
client.on('StasisStart', (_event, channel) => {
  const playback = client.Playback();
  playback.once('PlaybackFinished', () => void channel.hangup().catch(told));
  channel
    .answer()
    .then(() => channel.play({ media: `sound:${sound}` }, playback))
    .catch(told);
});
await client.start('bare');
process.stdout.write('ready\n');
