/** The channels' port: a message to one person, on its way out. */

export interface OutgoingMessage {
  /** No other message has it; for the channel's own records, and for a gateway that refuses the same id twice. */
  readonly id: string;
  readonly channel: 'sms';
  /** E.164. One that the site allows. */
  readonly to: string;
  /** BCP 47 language of the text. */
  readonly language: string;
  /** 1 to 670 characters. */
  readonly text: string;
  /** Total time allowed, milliseconds, 1,000 to 30,000. */
  readonly timeoutMs: number;
}

export type SendOutcome =
  /** Taken for delivery; `by` names the channel. */
  | { readonly result: 'sent'; readonly by: string }
  /** Surely not sent. `why` names the fault for operators and holds no personal data. */
  | { readonly result: 'failed'; readonly why: string }
  /** It may have been sent. */
  | { readonly result: 'unknown'; readonly why: string };

export interface Channels {
  /** Never throws, settles within the time-out. Asked once for each message: it is never repeated. */
  send(message: OutgoingMessage): Promise<SendOutcome>;
}
