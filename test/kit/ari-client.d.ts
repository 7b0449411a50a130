/** As much of the npm package as the outside world is driven with. It has no types of its own. */
declare module 'ari-client' {
  type Parameters = Readonly<Record<string, string | number | boolean | Readonly<Record<string, unknown>>>>;

  export interface Channel {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly caller: { readonly name: string; readonly number: string };
    readonly channelvars?: Readonly<Record<string, string>>;
  }

  export interface AriEvent {
    readonly type: string;
    readonly channel?: Channel;
    readonly peer?: Channel;
    readonly args?: readonly string[];
    readonly dialstatus?: string;
    readonly cause?: number;
    readonly tech_cause?: number;
    readonly digit?: string;
    readonly duration_ms?: number;
  }

  type Operation<Result> = (parameters: Parameters) => Promise<Result>;

  export interface Client {
    start(application: string): Promise<void>;
    stop(): void;
    on(event: '*', listener: (event: AriEvent) => void): void;
    readonly channels: {
      readonly create: Operation<Channel>;
      readonly dial: Operation<void>;
      readonly externalMedia: Operation<Channel>;
      readonly answer: Operation<void>;
      readonly ring: Operation<void>;
      readonly hangup: Operation<void>;
      readonly sendDTMF: Operation<void>;
      readonly hold: Operation<void>;
      readonly unhold: Operation<void>;
      readonly getChannelVar: Operation<{ readonly value: string }>;
      readonly setChannelVar: Operation<void>;
      readonly continueInDialplan: Operation<void>;
    };
    readonly applications: {
      readonly subscribe: Operation<unknown>;
    };
    readonly bridges: {
      readonly createWithId: Operation<unknown>;
      readonly addChannel: Operation<void>;
      readonly destroy: Operation<void>;
    };
  }

  export function connect(address: string, user: string, password: string): Promise<Client>;
}
