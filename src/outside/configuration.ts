/** Pure. The configuration of the outside world's exchange: written apart from the hotline's own, and sharing nothing. */

/** An agent's phone that registers at the hotline. */
export interface OutsidePhone {
  readonly name: string;
  readonly password: string;
}

export interface OutsideSettings {
  /** Where everything lies; removed in the end. */
  readonly folder: string;
  readonly modules: string;
  readonly sip: number;
  readonly ari: number;
  readonly ariPassword: string;
  /** UDP ports of media, both included. */
  readonly rtp: { readonly first: number; readonly last: number };
  /** Where the hotline answers SIP. */
  readonly hotline: { readonly host: string; readonly port: number };
  readonly codec: 'alaw' | 'ulaw';
  readonly phones: readonly OutsidePhone[];
}

/** The user and the application of whoever drives the outside. */
export const outsideUser = 'outside';
/** The same word at both exchanges: each has one application of its own. */
export const outsideApp = 'onedoor';
/** Endpoint through which callers dial. */
export const hotlineEndpoint = 'hotline';

/** In the order in which they need one another. */
const loaded = `
res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject
res_http_websocket res_websocket_client codec_ulaw codec_alaw codec_a_mu format_pcm format_wav
res_rtp_asterisk res_rtp_multicast chan_rtp bridge_simple bridge_softmix res_stasis
res_stasis_answer res_stasis_recording res_stasis_playback res_stasis_snoop res_ari res_ari_model
res_ari_applications res_ari_asterisk res_ari_bridges res_ari_channels res_ari_endpoints
res_ari_events res_ari_playbacks res_ari_recordings res_pjsip res_pjsip_pubsub res_pjsip_session
res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest
res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_outbound_registration
res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_dtmf_info res_pjsip_rfc3326 res_pjsip_nat
res_pjsip_header_funcs res_pjsip_refer res_pjsip_logger chan_pjsip pbx_config app_stasis app_transfer
func_channel func_callerid
`
  .trim()
  .split(/\s+/);

/** Files that Asterisk asks for, and that say nothing. */
const empty = ['acl', 'cli_permissions', 'features', 'manager', 'pjproject', 'udptl', 'websocket_client'];

const indications = `[general]
country = eu
[eu]
description = as most countries have it
ringcadence = 1000,4000
dial = 425
busy = 425/500,0/500
ring = 425/1000,0/4000
congestion = 425/200,0/200
`;

/** Name of a file -> its text. */
export function outsideConfiguration(settings: OutsideSettings): ReadonlyMap<string, string> {
  const { folder } = settings;
  return new Map([
    ...empty.map((name) => [`${name}.conf`, ''] as const),
    ['cdr.conf', '[general]\nenable = no\n'],
    ['cel.conf', '[general]\nenable = no\n'],
    ['ccss.conf', '[general]\n'],
    ['indications.conf', indications],
    ['logger.conf', '[general]\n[logfiles]\nmessages.log => warning,error\n'],
    ['stasis.conf', '[threadpool]\ninitial_size = 5\n'],
    ['modules.conf', `[modules]\nautoload = no\n${loaded.map((name) => `load = ${name}.so\n`).join('')}`],
    [
      'asterisk.conf',
      `[directories]
astetcdir => ${folder}/etc
astmoddir => ${settings.modules}
astvarlibdir => ${folder}/var
astdbdir => ${folder}/var
astkeydir => ${folder}/var
astdatadir => ${folder}/data
astagidir => ${folder}/var
astspooldir => ${folder}/spool
astrundir => ${folder}/run
astlogdir => ${folder}/log
[options]
nofork = yes
dumpcore = no
systemname = outside
`,
    ],
    [
      'http.conf',
      `[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = ${settings.ari}\nsessionlimit = 200\n`,
    ],
    [
      'ari.conf',
      `[general]\nenabled = yes\nwebsocket_write_timeout = 2000\n[${outsideUser}]\ntype = user\nread_only = no\npassword_format = plain\npassword = ${settings.ariPassword}\n`,
    ],
    [
      'rtp.conf',
      `[general]\nrtpstart = ${settings.rtp.first}\nrtpend = ${settings.rtp.last}\nstrictrtp = no\nicesupport = no\n`,
    ],
    ['extensions.conf', extensions(settings)],
    ['pjsip.conf', pjsip(settings)],
  ]);
}

/** Every call that comes in waits for whoever drives the outside. */
function extensions({ phones }: OutsideSettings): string {
  const contexts = phones.map(({ name }) => context(`phone-${name}`, `phone,${name}`));
  return ['[general]\nstatic = yes\n', transfers, context('incoming', 'incoming,${EXTEN}'), ...contexts].join(
    '\n',
  );
}

/** A channel that is sent here asks the other side to call elsewhere, and comes back with what it was told. */
const transfers = `[transfer]
exten => s,1,Transfer(PJSIP/\${TRANSFER_TO})
 same => n,Stasis(${outsideApp},transferred,\${TRANSFERSTATUSPROTOCOL},\${TRANSFERSTATUS})
 same => n,Hangup()
`;

function context(name: string, args: string): string {
  // A pattern for everything would take the hang-up extension too.
  return `[${name}]\nexten => h,1,NoOp()\nexten => _!,1,Stasis(${outsideApp},${args})\n same => n,Hangup()\nexten => s,1,Stasis(${outsideApp},${args})\n same => n,Hangup()\n`;
}

function pjsip(settings: OutsideSettings): string {
  const { hotline, phones } = settings;
  const far = `${hotline.host}:${hotline.port}`;
  return `[global]
type = global
user_agent = Outside

[system]
type = system
timer_t1 = 500

[transport-udp]
type = transport
protocol = udp
bind = 127.0.0.1:${settings.sip}

[${hotlineEndpoint}]
type = endpoint
context = incoming
aors = ${hotlineEndpoint}
trust_id_outbound = yes
send_pai = no
${line(settings)}
[${hotlineEndpoint}]
type = aor
contact = sip:${far}

[${hotlineEndpoint}]
type = identify
endpoint = ${hotlineEndpoint}
match = ${hotline.host}
${phones.map((phone) => phoneLines(phone, far, settings)).join('')}`;
}

function phoneLines({ name, password }: OutsidePhone, far: string, settings: OutsideSettings): string {
  return `
[phone-${name}]
type = endpoint
context = phone-${name}
aors = phone-${name}
outbound_auth = phone-${name}
from_user = ${name}
${line(settings)}
[phone-${name}]
type = aor
contact = sip:${far}

[phone-${name}]
type = auth
auth_type = userpass
username = ${name}
password = ${password.replaceAll(';', '\\;')}

[phone-${name}]
type = registration
transport = transport-udp
server_uri = sip:${far}
client_uri = sip:${name}@${far}
contact_user = ${name}
outbound_auth = phone-${name}
endpoint = phone-${name}
line = yes
expiration = 120
max_random_initial_delay = 0
retry_interval = 1
forbidden_retry_interval = 1
max_retries = 1000
`;
}

/** What every line has; both media settings are needed, or each call looks up the machine's own name. */
function line({ codec }: OutsideSettings): string {
  return `transport = transport-udp
disallow = all
allow = ${codec}
dtmf_mode = rfc4733
direct_media = no
moh_passthrough = yes
media_address = 127.0.0.1
bind_rtp_to_media_address = yes
from_domain = 127.0.0.1
`;
}
