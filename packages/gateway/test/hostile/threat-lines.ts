/**
 * The attacks that the gateway is to withstand, one line each; numbers never change their meaning. Tests cite them in their names, as `(A51)`.
 *
 * - `proven`: what is refused is shown by a test, and `open` says what of the attack still gets through
 * - `later`: nothing refuses it yet, or there is nothing yet that could be attacked so
 */
export type ThreatLine =
  | {
      readonly id: string;
      readonly status: 'proven';
      /** What is refused, and how. */
      readonly refused: string;
      /** Files or folders below `packages/`. */
      readonly where: readonly string[];
      readonly open?: string;
    }
  | { readonly id: string; readonly status: 'later'; readonly refused: string; readonly reason: string };

const UNSCANNED = 'Texts of servers are not scanned yet; pinning only holds their changes.';
const NO_LABELS =
  'Values carry no labels of where they come from yet; roles and approvals are what there is.';
const NO_LOGIN = 'There is no login of our own yet, so nothing is redirected, exchanged or consented to.';

type Proof = Pick<Extract<ThreatLine, { status: 'proven' }>, 'where' | 'open'>;

function proven(id: string, refused: string, { where, open }: Proof): ThreatLine {
  return { id, status: 'proven', refused, where, ...(open === undefined ? {} : { open }) };
}

function later(id: string, refused: string, reason: string): ThreatLine {
  return { id, status: 'later', refused, reason };
}

export const threatLines: readonly ThreatLine[] = [
  // What servers define and answer
  later('A01', 'A description that orders the model to do something else', UNSCANNED),
  later('A02', 'Such an order anywhere else in a definition', UNSCANNED),
  later('A03', 'An order in the instructions of a server', UNSCANNED),
  later(
    'A04',
    'Invisible and turning characters in names and texts',
    `${UNSCANNED} The command line spells them out.`,
  ),
  proven('A05', 'Terminal sequences do not reach logs, terminals and kept standard error', {
    where: [
      'gateway/src/telemetry/log-text.ts',
      'gateway/src/upstream/stdio/text-ring.ts',
      'cli/src/output/printable.ts',
    ],
    open: 'Results go to clients as they are.',
  }),
  later('A06', 'Hundreds of blanks that push text out of sight', UNSCANNED),
  later(
    'A07',
    'Tools of two servers whose names are alike',
    'Names carry the name of the server; look-alikes are not searched for yet.',
  ),
  later('A08', 'A text of one server about the tools of another', UNSCANNED),
  proven('A09', 'A definition that changed in any member is withheld until it is accepted', {
    where: ['gateway/src/pin/pin-plan.ts', 'gateway/src/pin/accept-rules'],
  }),
  proven(
    'A10',
    'All callers share the pins of a server; the form that differs is withheld, per caller, page or time',
    {
      where: ['gateway/src/pin/pin-keeper.ts', 'gateway/src/catalog/list-all.ts'],
    },
  ),
  proven('A11', 'Another program, address or self-given name behind a server voids all its pins', {
    where: ['gateway/src/pin/server-identity.ts'],
    open: 'The bytes of a program are not compared, only how it is started and what it says of itself.',
  }),
  later('A12', 'A parameter that wants history, prompt or tool list', UNSCANNED),
  later('A13', 'A text that praises its own tool', UNSCANNED),
  proven('A14', 'Lists and definitions over a bound are not offered; schemas are neither followed nor run', {
    where: ['gateway/src/catalog/list-all.ts', 'gateway/src/pin/seen-definition.ts'],
  }),
  later('A15', 'An order in a result', UNSCANNED),
  later('A16', 'An order in an error, a link, a file name or progress', UNSCANNED),
  later('A17', 'A result that looks like a turn of the user or a call', UNSCANNED),
  proven('A18', 'What a server says about approvals has no effect on them', {
    where: ['gateway/src/gate/approve.ts', 'gateway/src/approval/elicitation.ts'],
  }),
  later('A19', 'A poisoned resource or prompt, an address outside of the server’s own', UNSCANNED),
  proven(
    'A20',
    'Sampling is off unless the operator allows it; context of other servers is never asked for; questions are budgeted',
    {
      where: ['gateway/src/gate/questions'],
      open: 'What a question says is not scanned.',
    },
  ),
  proven('A21', 'Forms that ask for secrets and pages on foreign hosts or without https are declined', {
    where: ['gateway/src/gate/questions/secret-wishes.ts', 'gateway/src/gate/questions/page-hosts.ts'],
  }),
  proven('A22', 'Changes of lists are joined: asked and told about once a second', {
    where: ['gateway/src/catalog/change-coalescer.ts'],
  }),
  later('A23', 'A secret in a result', 'Results are not searched yet; logs and records are.'),
  later('A24', 'A link that carries data out', UNSCANNED),
  proven('A25', 'An answer over the limit, or without end, is cut off', {
    where: [
      'gateway/src/upstream/stdio/line-splitter.ts',
      'gateway/src/upstream/http/http-answer.ts',
      'gateway/src/upstream/deadlines.ts',
    ],
  }),

  // Flows and misuse of authority
  later('A26', 'Private data written to a public place', NO_LABELS),
  later('A27', 'Rows of a table that order another read', NO_LABELS),
  later('A28', 'A recipient that nobody asked for', NO_LABELS),
  later('A29', 'A payee from an untrusted text', NO_LABELS),
  later('A30', 'Stolen data in disguise', NO_LABELS),
  later('A31', 'The output of one tool as a command of another', NO_LABELS),
  later(
    'A32',
    'Calls in a loop',
    'Rates and numbers of calls are limited; nothing knows a loop from much work.',
  ),
  proven('A33', 'An approval is for one call; questions of one principal are few, and a denial holds', {
    where: ['gateway/src/approval/approval-desk.ts'],
    open: 'Where clients have sessions, a denial holds in its session; a new one may ask again.',
  }),
  proven(
    'A34',
    'An approval or state counts for the same call, principal, session and policy, until it expires, once',
    {
      where: [
        'gateway/src/gate/approve.ts',
        'gateway/src/gate/conversation/call-state.ts',
        'gateway/src/seal/create-sealer.ts',
      ],
      open: 'MCP 2026-07-28 has no sessions: there an approval is bound to the principal and the call.',
    },
  ),
  later('A35', 'An order that is kept and read another day', NO_LABELS),
  proven(
    'A36',
    'A chain that is longer, wider or older than allowed, or forged, is refused with the failing link',
    {
      where: ['protocol/src/delegation', 'gateway/src/identity/delegation.ts'],
    },
  ),
  proven('A37', 'What a caller may not use it cannot call either, and denied looks like unknown', {
    where: ['gateway/src/gate/gate.ts', 'gateway/src/door/mcp/rpc-reply.ts'],
  }),
  proven('A38', 'Rules on arguments deny and allow what is sent, in one spelling', {
    where: ['policy/src/constraint'],
    open: 'Paths, hosts and command lines are texts to a rule; nothing resolves them.',
  }),

  // Identity, tokens, sessions
  proven('A39', 'No token, an unknown one, one anywhere else than in the header: 401 with the way to one', {
    where: ['gateway/src/door/http/authenticate.ts', 'gateway/src/door/auth/challenge.ts'],
  }),
  proven('A40', 'A check that fails by itself refuses', {
    where: ['gateway/src/identity/authenticator.ts', 'gateway/src/gate/gate.ts'],
  }),
  proven('A41', 'Nobody registered, no role, an empty list: nothing is allowed', {
    where: ['gateway/src/identity/authenticator.ts', 'policy/src/decide.ts'],
  }),
  proven('A42', 'A token of an external issuer that is forged, for others, too old, or of another kind', {
    where: ['gateway/src/identity/jwt'],
    open: 'Tokens are bearer tokens: there is no proof of possession (DPoP, mTLS) yet.',
  }),
  proven('A43', 'The token of the login never reaches a server', {
    where: [
      'gateway/src/credential/injection.ts',
      'gateway/src/credential/caller-credential.ts',
      'gateway/src/door/mcp/caller.ts',
    ],
  }),
  later('A44', 'One client id upstream for clients that did not consent', NO_LOGIN),
  proven('A45', 'Metadata of another issuer than the one asked', {
    where: ['gateway/src/identity/jwt/find-keys.ts'],
    open: 'Redirects with a wrong or missing issuer come with a login of our own.',
  }),
  later('A46', 'Codes without PKCE, or used again', NO_LOGIN),
  later('A47', 'An authorization endpoint that is a command', NO_LOGIN),
  later('A48', 'A redirect address that is almost the right one', NO_LOGIN),
  proven('A49', 'A token without the scopes that a call needs is asked to step up', {
    where: ['gateway/src/gate/required-scopes.ts', 'gateway/src/door/auth'],
    open: 'Which scopes a grant should have had is known where grants are made.',
  }),
  proven('A50', 'What a revoked or expired principal has open ends within seconds', {
    where: [
      'gateway/src/identity/directory.ts',
      'gateway/src/door/mcp/handshake/session-store.ts',
      'gateway/src/door/mcp/modern/listen/listen-store.ts',
    ],
    open: 'There are no refresh tokens of ours that could be replayed.',
  }),
  proven('A51', 'A session, state or task of somebody else, or of another endpoint, does not exist', {
    where: [
      'gateway/src/door/mcp/handshake/session-store.ts',
      'gateway/src/seal/create-sealer.ts',
      'gateway/src/gate/tasks/task-id.ts',
    ],
  }),
  proven(
    'A52',
    'Principals do not meet in connections over HTTP; what a shared program says on its own goes to nobody when it may be another’s',
    {
      where: ['gateway/src/gate/server-entry.ts', 'gateway/src/upstream/audience.ts'],
      open: 'A program that is shared sees all its callers as one.',
    },
  ),
  proven('A53', 'Principal and tenant are part of every key, seal and cache', {
    where: [
      'gateway/src/gate/server-entry.ts',
      'gateway/src/seal/create-sealer.ts',
      'gateway/src/door/mcp/modern/result-text.ts',
    ],
  }),
  proven('A54', 'The stream of another client cannot be opened, resumed or ended', {
    where: [
      'gateway/src/door/mcp/handshake/session-header.ts',
      'gateway/src/door/mcp/modern/listen/listen.ts',
    ],
  }),
  proven(
    'A55',
    'Headers that speak for somebody, of proxies or of our own processes, count only from where they may come',
    {
      where: ['gateway/src/door/http/source-address.ts', 'gateway/src/worker/hand-over/worker-door.ts'],
    },
  ),
  later('A56', 'A signed envelope that is replayed or altered', 'There are no envelopes yet.'),
  proven('A57', 'An agent without its registered code hash is refused', {
    where: ['gateway/src/identity/credential.ts'],
    open: 'The hash is a claim of the agent; nothing attests it.',
  }),
  proven('A58', 'Guessing is limited per address, and all bad tokens get one answer', {
    where: ['gateway/src/identity/failure-limit.ts', 'gateway/src/identity/refusal.ts'],
  }),
  later('A59', 'A dashboard without login, or used by a foreign page', 'There is no dashboard yet.'),

  // Network
  proven('A60', 'A foreign `Origin` or `Host` is refused before the body is read', {
    where: ['gateway/src/door/http/host-origin.ts'],
  }),
  proven(
    'A61',
    'Listens on loopback unless told otherwise, and lets nobody in without a credential anywhere',
    {
      where: ['gateway/src/config/schema.ts', 'gateway/src/door/http/authenticate.ts'],
      open: 'Health can be asked by everybody.',
    },
  ),
  proven('A62', 'Bodies that a browser sends without asking are refused with 415', {
    where: ['gateway/src/door/http/media-type.ts'],
  }),
  proven(
    'A63',
    'Link-local and metadata addresses are never asked, private ones not for hosts that a document names',
    {
      where: ['gateway/src/config/upstream-address.ts', 'gateway/src/identity/jwt/address-rule.ts'],
      open: 'Names of configured servers are not looked up beforehand; there is no egress proxy yet.',
    },
  ),
  proven('A64', 'Every spelling of an address is the same address', {
    where: ['gateway/src/identity/jwt/address-rule.ts', 'gateway/src/config/upstream-address.ts'],
  }),
  proven('A65', 'The address that was checked is the one that is connected to', {
    where: ['gateway/src/identity/jwt/fetch-document.ts'],
    open: 'For documents of issuers; servers are reached by the name that the operator wrote.',
  }),
  proven('A66', 'Redirects are not followed, by any transport', {
    where: ['gateway/src/upstream/http/http-exchange.ts', 'gateway/src/identity/jwt/fetch-document.ts'],
  }),
  proven('A67', 'An endpoint that leaves the origin of its server is refused', {
    where: ['gateway/src/upstream/http/sse-transport.ts'],
  }),
  proven(
    'A68',
    'A server with a bad certificate gets no credential and no call, whatever the environment says',
    {
      where: ['gateway/src/upstream/http/http-exchange.ts'],
      open: 'The gateway has no certificate of its own to show to servers yet.',
    },
  ),
  proven('A69', 'Hosts for pages are compared label by label in ASCII', {
    where: ['gateway/src/gate/questions/page-hosts.ts'],
    open: 'There is no egress proxy yet, whose rules would need the same.',
  }),
  later(
    'A70',
    'A gateway address planted in a client',
    'Nothing of ours takes the address of a gateway from a link.',
  ),

  // Messages and parsers
  proven('A71', 'Batches are refused', { where: ['protocol/src/jsonrpc/classify.ts'] }),
  proven('A72', 'JSON that two readers could read differently is refused; what is read is what is sent on', {
    where: ['protocol/src/json/read-json.ts', 'protocol/src/json/splice-request.ts'],
  }),
  proven('A73', 'Media types are read in any case and with parameters; an unknown one is refused', {
    where: ['gateway/src/door/http/media-type.ts', 'gateway/src/upstream/http/http-answer.ts'],
  }),
  proven('A74', 'A name is exactly a registered one, or nothing', {
    where: ['gateway/src/view/view.ts', 'gateway/src/gate/inspect.ts'],
  }),
  proven('A75', 'Headers that differ from the body, or came twice, are refused with 400', {
    where: ['gateway/src/door/mcp/modern/header-agreement.ts', 'protocol/src/mcp/param-marks.ts'],
  }),
  proven('A76', 'Arguments of another shape are refused; policy judges the value that is sent', {
    where: ['gateway/src/door/mcp/call-plan.ts', 'policy/src/constraint'],
    open: 'The schema of a tool is checked by its server.',
  }),
  proven('A77', 'Patterns run in linear time or within a budget', {
    where: ['policy/src/constraint/linear-regexp.ts', 'gateway/src/gate/questions/secret-wishes.ts'],
  }),
  proven('A78', 'Size, depth, number and time of everything that is read have bounds', {
    where: [
      'gateway/src/door/http/http-server.ts',
      'gateway/src/door/http/read-body.ts',
      'gateway/src/upstream/read-message.ts',
    ],
  }),
  proven('A79', 'A request that two parsers would end differently is refused', {
    where: ['gateway/src/door/http/http-server.ts', 'protocol/src/mcp/header-value.ts'],
  }),
  proven('A80', 'An answer to no open question, a second, late or foreign one, is dropped', {
    where: [
      'gateway/src/door/mcp/handshake/open-questions.ts',
      'gateway/src/upstream/channel.ts',
      'gateway/src/gate/conversation/answers-of.ts',
    ],
  }),
  proven('A81', 'Streams tell what their principal may know, under its own ids and tokens, within bounds', {
    where: ['gateway/src/door/mcp/modern/listen', 'gateway/src/gate/outgoing-meta.ts'],
  }),
  proven('A82', 'Methods, results and extensions that nobody declared are refused', {
    where: ['gateway/src/door/mcp/modern/modern-methods.ts', 'gateway/src/gate/conversation/converse.ts'],
  }),

  // Processes, files, configuration
  later(
    'A83',
    'A command for a server from elsewhere than the operator',
    'Nothing but the operator’s own file starts programs.',
  ),
  proven('A84', 'Programs start without a shell', {
    where: ['gateway/src/upstream/stdio/stdio-transport.ts'],
  }),
  proven('A85', 'Variables that load code or lead elsewhere are refused; nothing is inherited', {
    where: ['gateway/src/config/process-environment.ts', 'gateway/src/upstream/stdio/child-environment.ts'],
  }),
  later('A86', 'A package that is not the one it was', 'Packages of servers are not pinned yet.'),
  proven('A87', 'Whatever a program prints, memory stays bounded and it is started again with pauses', {
    where: ['gateway/src/upstream/stdio', 'gateway/src/upstream/back-off.ts'],
  }),
  proven('A88', 'A program and what it started end together', {
    where: ['gateway/src/upstream/stdio/process-group.ts'],
    open: 'Nothing limits what it does to the disk.',
  }),
  later('A89', 'Paths that lead out of a folder', 'The gateway serves no files.'),
  later(
    'A90',
    'An agent that changes its own rules',
    'Nothing keeps a program from files of the gateway’s user yet.',
  ),
  proven('A91', 'A configuration that is not exactly right does not start, and says where', {
    where: ['gateway/src/config'],
  }),
  proven('A92', 'A script finds nothing of the host, and its process has nothing to give', {
    where: ['sandbox/src/engines', 'sandbox/src/layers'],
    open: 'The kernel is shared, and without bubblewrap what breaks out of the isolate has the rights of its process.',
  }),
  proven('A93', 'A script that uses up everything is ended, and only it', {
    where: ['sandbox/src/engines/run', 'sandbox/src/pool'],
  }),
  proven('A94', 'A script reaches the gate and nothing else', {
    where: ['sandbox/src/engines/javascript', 'sandbox/src/layers'],
  }),

  // Evidence and operation
  proven('A95', 'One record stays one line', {
    where: ['gateway/src/audit/serialize-entry.ts', 'gateway/src/telemetry/log-value.ts'],
  }),
  proven('A96', 'Records that were changed, removed, moved or cut off are found', {
    where: ['gateway/src/audit/chain-check.ts', 'gateway/src/audit/verify-audit.ts'],
  }),
  proven('A97', 'No secret is in logs, records, errors or metrics', { where: ['gateway/src/audit/redact'] }),
  proven('A98', 'A call that cannot be recorded is not made', {
    where: ['gateway/src/gate/gate.ts', 'gateway/src/audit/audit-writer.ts'],
  }),
  proven('A99', 'A configuration with an error changes nothing', {
    where: ['gateway/src/config/watch-config.ts', 'gateway/src/run/reload.ts'],
  }),
  proven('A100', 'Limits count principals, whatever they call and from where', {
    where: ['gateway/src/limit/limiter.ts'],
  }),
  proven('A101', 'A clock that is set back revives no credential and gives no calls', {
    where: ['gateway/src/identity/steady-clock.ts', 'gateway/src/limit/token-bucket.ts'],
    open: 'States and approvals go by the clock of the machine, so that setting it back prolongs them.',
  }),
  later(
    'A102',
    'An emergency stop',
    'Taking an entry out of the file ends what it has open; there is no command for it yet.',
  ),
];
