/** Whoever drives the outside exchange: one connection to its ARI, and the events of each channel. */
import {
  type AriAddress,
  type AriEvent,
  type AriHttp,
  openAriHttp,
  openAriSocket,
  startRunningTime,
} from '../telephony/asterisk/index.js';
import { outsideApp } from './configuration.js';

export interface Driver {
  readonly http: AriHttp;
  /** Calls the listener with every event of a channel; the answer ends that. */
  readonly onChannel: (channel: string, listener: (event: AriEvent) => void) => () => void;
  close(): void;
}

const requestMs = 5_000;

export async function openDriver(address: AriAddress): Promise<Driver> {
  const listeners = new Map<string, (event: AriEvent) => void>();
  const time = startRunningTime();
  const http = openAriHttp(address);
  const socket = await openAriSocket(address, [outsideApp], time, time.deadlines(requestMs), {
    onEvent: (event) => {
      const channel = channelOf(event);
      if (channel !== null) listeners.get(channel)?.(event);
    },
    // Calls that are up are lost with the exchange; each waits with a bound of its own.
    onClosed: () => undefined,
  });
  return {
    http,
    onChannel: (channel, listener) => {
      listeners.set(channel, listener);
      return () => listeners.delete(channel);
    },
    close: () => {
      socket.drop('closed by us');
      http.close();
      time.stop();
    },
  };
}

function channelOf(event: AriEvent): string | null {
  if (event.type === 'Dial') return event.peer.id;
  return 'channel' in event && event.channel !== undefined ? event.channel.id : null;
}
