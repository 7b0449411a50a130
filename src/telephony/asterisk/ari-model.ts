// Made by scripts/ari-types.mjs from Asterisk's own API description; do not edit.

/** What Asterisk's REST interface says and answers, as far as the exchange reads it. */
export interface AriModel {
  readonly AdditionalParam: {
    readonly parameter_name: string;
    readonly parameter_value: string;
  };
  readonly ApplicationReplaced: {
    readonly type: 'ApplicationReplaced';
    readonly application: string;
    readonly timestamp: string;
  };
  readonly AsteriskInfo: {
    readonly build?: AriModel['BuildInfo'];
    readonly system?: AriModel['SystemInfo'];
    readonly config?: AriModel['ConfigInfo'];
    readonly status?: AriModel['StatusInfo'];
  };
  readonly Bridge: {
    readonly id: string;
    readonly technology: string;
    readonly bridge_type: 'mixing' | 'holding';
    readonly bridge_class: string;
    readonly creator: string;
    readonly name: string;
    readonly channels: readonly string[];
    readonly video_mode?: string;
    readonly video_source_id?: string;
    readonly creationtime: string;
    readonly bridgevars?: unknown;
  };
  readonly BuildInfo: {
    readonly os: string;
    readonly kernel: string;
    readonly options: string;
    readonly machine: string;
    readonly date: string;
    readonly user: string;
  };
  readonly CallerID: {
    readonly name: string;
    readonly number: string;
  };
  readonly Channel: {
    readonly id: string;
    readonly protocol_id: string;
    readonly name: string;
    readonly state:
      | 'Down'
      | 'Rsrved'
      | 'OffHook'
      | 'Dialing'
      | 'Ring'
      | 'Ringing'
      | 'Up'
      | 'Busy'
      | 'Dialing Offhook'
      | 'Pre-ring'
      | 'Unknown';
    readonly caller: AriModel['CallerID'];
    readonly connected: AriModel['CallerID'];
    readonly accountcode: string;
    readonly dialplan: AriModel['DialplanCEP'];
    readonly creationtime: string;
    readonly language: string;
    readonly channelvars?: unknown;
    readonly caller_rdnis?: string;
    readonly tenantid?: string;
  };
  readonly ChannelDestroyed: {
    readonly type: 'ChannelDestroyed';
    readonly application: string;
    readonly timestamp: string;
    readonly cause: number;
    readonly cause_txt: string;
    readonly tech_cause?: number;
    readonly channel: AriModel['Channel'];
  };
  readonly ChannelDtmfReceived: {
    readonly type: 'ChannelDtmfReceived';
    readonly application: string;
    readonly timestamp: string;
    readonly digit: string;
    readonly duration_ms: number;
    readonly channel: AriModel['Channel'];
  };
  readonly ChannelHangupRequest: {
    readonly type: 'ChannelHangupRequest';
    readonly application: string;
    readonly timestamp: string;
    readonly cause?: number;
    readonly tech_cause?: number;
    readonly soft?: boolean;
    readonly channel: AriModel['Channel'];
  };
  readonly ChannelHold: {
    readonly type: 'ChannelHold';
    readonly application: string;
    readonly timestamp: string;
    readonly channel: AriModel['Channel'];
    readonly musicclass?: string;
  };
  readonly ChannelTransfer: {
    readonly type: 'ChannelTransfer';
    readonly application: string;
    readonly timestamp: string;
    readonly state?: string;
    readonly refer_to: AriModel['ReferTo'];
    readonly referred_by: AriModel['ReferredBy'];
  };
  readonly ChannelUnhold: {
    readonly type: 'ChannelUnhold';
    readonly application: string;
    readonly timestamp: string;
    readonly channel: AriModel['Channel'];
  };
  readonly ChannelUserevent: {
    readonly type: 'ChannelUserevent';
    readonly application: string;
    readonly timestamp: string;
    readonly eventname: string;
    readonly channel?: AriModel['Channel'];
    readonly bridge?: AriModel['Bridge'];
    readonly endpoint?: AriModel['Endpoint'];
    readonly userevent: unknown;
  };
  readonly ConfigInfo: {
    readonly name: string;
    readonly default_language: string;
    readonly max_channels?: number;
    readonly max_open_files?: number;
    readonly max_load?: number;
    readonly setid: AriModel['SetId'];
  };
  readonly Dial: {
    readonly type: 'Dial';
    readonly application: string;
    readonly timestamp: string;
    readonly caller?: AriModel['Channel'];
    readonly peer: AriModel['Channel'];
    readonly forward?: string;
    readonly forwarded?: AriModel['Channel'];
    readonly dialstring?: string;
    readonly dialstatus: string;
  };
  readonly DialplanCEP: {
    readonly context: string;
    readonly exten: string;
    readonly priority: number;
    readonly app_name: string;
    readonly app_data: string;
  };
  readonly Endpoint: {
    readonly technology: string;
    readonly resource: string;
    readonly state?: 'unknown' | 'offline' | 'online';
    readonly channel_ids: readonly string[];
  };
  readonly LiveRecording: {
    readonly name: string;
    readonly format: string;
    readonly target_uri: string;
    readonly state: 'queued' | 'recording' | 'paused' | 'done' | 'failed' | 'canceled';
    readonly duration?: number;
    readonly talking_duration?: number;
    readonly silence_duration?: number;
    readonly cause?: string;
  };
  readonly Peer: {
    readonly peer_status: string;
    readonly cause?: string;
    readonly address?: string;
    readonly port?: string;
    readonly time?: string;
  };
  readonly PeerStatusChange: {
    readonly type: 'PeerStatusChange';
    readonly application: string;
    readonly timestamp: string;
    readonly endpoint: AriModel['Endpoint'];
    readonly peer: AriModel['Peer'];
  };
  readonly Playback: {
    readonly id: string;
    readonly media_uri: string;
    readonly next_media_uri?: string;
    readonly target_uri: string;
    readonly language?: string;
    readonly state: 'queued' | 'playing' | 'continuing' | 'done' | 'failed';
  };
  readonly PlaybackFinished: {
    readonly type: 'PlaybackFinished';
    readonly application: string;
    readonly timestamp: string;
    readonly playback: AriModel['Playback'];
  };
  readonly RESTResponse: {
    readonly type: 'RESTResponse';
    readonly application: string;
    readonly timestamp: string;
    readonly transaction_id: string;
    readonly request_id: string;
    readonly status_code: number;
    readonly reason_phrase: string;
    readonly uri: string;
    readonly content_type?: string;
    readonly message_body?: string;
  };
  readonly RecordingFailed: {
    readonly type: 'RecordingFailed';
    readonly application: string;
    readonly timestamp: string;
    readonly recording: AriModel['LiveRecording'];
  };
  readonly RecordingFinished: {
    readonly type: 'RecordingFinished';
    readonly application: string;
    readonly timestamp: string;
    readonly recording: AriModel['LiveRecording'];
  };
  readonly ReferTo: {
    readonly requested_destination: AriModel['RequiredDestination'];
    readonly destination_channel?: AriModel['Channel'];
    readonly connected_channel?: AriModel['Channel'];
    readonly bridge?: AriModel['Bridge'];
  };
  readonly ReferredBy: {
    readonly source_channel: AriModel['Channel'];
    readonly connected_channel?: AriModel['Channel'];
    readonly bridge?: AriModel['Bridge'];
  };
  readonly RequiredDestination: {
    readonly protocol_id?: string;
    readonly destination?: string;
    readonly additional_protocol_params?: readonly AriModel['AdditionalParam'][];
  };
  readonly SetId: {
    readonly user: string;
    readonly group: string;
  };
  readonly StasisEnd: {
    readonly type: 'StasisEnd';
    readonly application: string;
    readonly timestamp: string;
    readonly channel: AriModel['Channel'];
  };
  readonly StasisStart: {
    readonly type: 'StasisStart';
    readonly application: string;
    readonly timestamp: string;
    readonly args: readonly string[];
    readonly channel: AriModel['Channel'];
    readonly replace_channel?: AriModel['Channel'];
  };
  readonly StatusInfo: {
    readonly startup_time: string;
    readonly last_reload_time: string;
  };
  readonly StoredRecording: {
    readonly name: string;
    readonly format: string;
  };
  readonly SystemInfo: {
    readonly version: string;
    readonly entity_id: string;
  };
}

/** The events that the exchange listens to. */
export type AriEvent = AriModel[
  | 'StasisStart'
  | 'StasisEnd'
  | 'ChannelDtmfReceived'
  | 'ChannelHangupRequest'
  | 'ChannelDestroyed'
  | 'ChannelHold'
  | 'ChannelUnhold'
  | 'ChannelUserevent'
  | 'Dial'
  | 'PlaybackFinished'
  | 'RecordingFinished'
  | 'RecordingFailed'
  | 'PeerStatusChange'
  | 'ChannelTransfer'
  | 'ApplicationReplaced'
  | 'RESTResponse'];

/** Every type of event that Asterisk knows. */
export const ariEventTypes = [
  'ApplicationMoveFailed',
  'ApplicationRegistered',
  'ApplicationReplaced',
  'ApplicationUnregistered',
  'BridgeAttendedTransfer',
  'BridgeBlindTransfer',
  'BridgeCreated',
  'BridgeDestroyed',
  'BridgeMerged',
  'BridgeVideoSourceChanged',
  'CallBroadcast',
  'CallClaimed',
  'ChannelCallerId',
  'ChannelConnectedLine',
  'ChannelCreated',
  'ChannelDestroyed',
  'ChannelDialplan',
  'ChannelDtmfReceived',
  'ChannelEnteredBridge',
  'ChannelHangupRequest',
  'ChannelHold',
  'ChannelLeftBridge',
  'ChannelStateChange',
  'ChannelTalkingFinished',
  'ChannelTalkingStarted',
  'ChannelToneDetected',
  'ChannelTransfer',
  'ChannelUnhold',
  'ChannelUserevent',
  'ChannelVarset',
  'ContactStatusChange',
  'DeviceStateChanged',
  'Dial',
  'EndpointStateChange',
  'PeerStatusChange',
  'PlaybackContinuing',
  'PlaybackFinished',
  'PlaybackStarted',
  'RESTResponse',
  'RecordingFailed',
  'RecordingFinished',
  'RecordingStarted',
  'StasisEnd',
  'StasisStart',
  'TextMessageReceived',
] as const;

/** The requests that the exchange makes. */
export interface AriOperations {
  readonly 'applications.filter': {
    readonly method: 'PUT';
    readonly path: 'applications/{applicationName}/eventFilter';
  };
  readonly 'applications.subscribe': {
    readonly method: 'POST';
    readonly path: 'applications/{applicationName}/subscription';
  };
  readonly 'asterisk.getInfo': { readonly method: 'GET'; readonly path: 'asterisk/info' };
  readonly 'asterisk.setGlobalVar': { readonly method: 'POST'; readonly path: 'asterisk/variable' };
  readonly 'bridges.list': { readonly method: 'GET'; readonly path: 'bridges' };
  readonly 'bridges.createWithId': { readonly method: 'POST'; readonly path: 'bridges/{bridgeId}' };
  readonly 'bridges.destroy': { readonly method: 'DELETE'; readonly path: 'bridges/{bridgeId}' };
  readonly 'bridges.addChannel': { readonly method: 'POST'; readonly path: 'bridges/{bridgeId}/addChannel' };
  readonly 'bridges.removeChannel': {
    readonly method: 'POST';
    readonly path: 'bridges/{bridgeId}/removeChannel';
  };
  readonly 'bridges.record': { readonly method: 'POST'; readonly path: 'bridges/{bridgeId}/record' };
  readonly 'channels.list': { readonly method: 'GET'; readonly path: 'channels' };
  readonly 'channels.create': { readonly method: 'POST'; readonly path: 'channels/create' };
  readonly 'channels.hangup': { readonly method: 'DELETE'; readonly path: 'channels/{channelId}' };
  readonly 'channels.answer': { readonly method: 'POST'; readonly path: 'channels/{channelId}/answer' };
  readonly 'channels.startMoh': { readonly method: 'POST'; readonly path: 'channels/{channelId}/moh' };
  readonly 'channels.stopMoh': { readonly method: 'DELETE'; readonly path: 'channels/{channelId}/moh' };
  readonly 'channels.playWithId': {
    readonly method: 'POST';
    readonly path: 'channels/{channelId}/play/{playbackId}';
  };
  readonly 'channels.record': { readonly method: 'POST'; readonly path: 'channels/{channelId}/record' };
  readonly 'channels.dial': { readonly method: 'POST'; readonly path: 'channels/{channelId}/dial' };
  readonly 'channels.transfer_progress': {
    readonly method: 'POST';
    readonly path: 'channels/{channelId}/transfer_progress';
  };
  readonly 'endpoints.get': { readonly method: 'GET'; readonly path: 'endpoints/{tech}/{resource}' };
  readonly 'events.userEvent': { readonly method: 'POST'; readonly path: 'events/user/{eventName}' };
  readonly 'playbacks.get': { readonly method: 'GET'; readonly path: 'playbacks/{playbackId}' };
  readonly 'playbacks.stop': { readonly method: 'DELETE'; readonly path: 'playbacks/{playbackId}' };
  readonly 'recordings.getLive': { readonly method: 'GET'; readonly path: 'recordings/live/{recordingName}' };
  readonly 'recordings.stop': {
    readonly method: 'POST';
    readonly path: 'recordings/live/{recordingName}/stop';
  };
  readonly 'recordings.pause': {
    readonly method: 'POST';
    readonly path: 'recordings/live/{recordingName}/pause';
  };
  readonly 'recordings.unpause': {
    readonly method: 'DELETE';
    readonly path: 'recordings/live/{recordingName}/pause';
  };
  readonly 'recordings.getStored': {
    readonly method: 'GET';
    readonly path: 'recordings/stored/{recordingName}';
  };
  readonly 'recordings.deleteStored': {
    readonly method: 'DELETE';
    readonly path: 'recordings/stored/{recordingName}';
  };
}
