import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { AcceptRuleName, PinSettings } from '../config/schema/pinning.ts';
import type {
  DefinitionKey,
  DefinitionKind,
  HeldChange,
  HeldReason,
  Pin,
  PinChange,
  PinnedServer,
  WithDefinition,
} from '../store/index.ts';
import { ifHarmless } from './accept-rules/index.ts';
import { digestOf } from './canonical-json.ts';
import type { SeenDefinition } from './seen-definition.ts';
import { identityChange, identityText, ifIdentity, type ServerIdentity } from './server-identity.ts';

/** Pins, and held changes, that one server may have of one kind. */
const MAX_PINS = 10_000;

/** Everything a plan depends on. */
export interface PlanFacts {
  readonly settings: PinSettings;
  readonly server: string;
  readonly kind: DefinitionKind;
  readonly known: PinnedServer | undefined;
  /** Pins of this kind, by name. */
  readonly pins: ReadonlyMap<string, Pin>;
  /** Everything of this server that is held. */
  readonly held: readonly HeldChange[];
  /** Pinned definitions of names whose digest is another now. One that is missing counts as wholly different. */
  readonly pinnedTexts: ReadonlyMap<string, string>;
  readonly seen: readonly SeenDefinition[];
  readonly identity: ServerIdentity;
  readonly atIso: string;
}

/** A change that is held, with what was seen. */
type HeldEntry = WithDefinition<Omit<HeldChange, 'server'>>;

/** What is to be done about one list of a server. */
export interface Plan {
  /** Names that are offered: as they were listed now, or in the given, pinned form. */
  readonly offered: ReadonlyMap<string, 'as listed' | JsonObject>;
  /** Names pinned because they were seen for the first time. */
  readonly pinned: readonly string[];
  readonly accepted: readonly { readonly name: string; readonly rules: readonly AcceptRuleName[] }[];
  /** Everything that this list shows and that is withheld. */
  readonly held: readonly HeldEntry[];
  /** What of it was not recorded so before. */
  readonly newlyHeld: readonly HeldEntry[];
  /** Held so far, and not any more as far as this list shows. */
  readonly released: readonly DefinitionKey[];
  /** Why all of it is withheld. */
  readonly serverHeld: HeldReason | undefined;
  readonly versionChange: { readonly from: string; readonly to: string } | undefined;
  readonly change: Pick<PinChange, 'identity' | 'pins'>;
}

type Verdict =
  | { readonly is: 'same' }
  | { readonly is: 'first' }
  | { readonly is: 'harmless'; readonly rules: readonly AcceptRuleName[] }
  | { readonly is: 'held'; readonly reason: HeldReason };

interface Judged {
  readonly definition: SeenDefinition;
  readonly verdict: Verdict;
}

/**
 * Compares what a server lists now with what is pinned of it. Pure.
 *
 * Nothing is offered of a server that is another than the pinned one, or that waits to be pinned. Another version alone is taken over as long as no
 * definition differs; together with one that does, it counts as another server.
 */
export function planDefinitions(facts: PlanFacts): Plan {
  const { known, identity } = facts;
  const pinnedIdentity = known === undefined ? undefined : ifIdentity(known.identity);
  const isWaiting = facts.settings.mode === 'operator' && known?.acceptedBy === undefined;
  const judged = isWaiting ? [] : judgeAll(facts);
  const differs = known === undefined ? undefined : identityChange(pinnedIdentity, identity);
  const serverHeld = isWaiting ? 'not_pinned' : ifServerHeld(differs, judged, facts);
  const accepted = serverHeld === undefined ? judged.flatMap(harmless) : [];
  const first = serverHeld === undefined ? judged.filter(({ verdict }) => verdict.is === 'first') : [];
  const held = [
    ...(serverHeld === undefined ? [] : [heldServer(facts, serverHeld)]),
    ...judged.flatMap((one) => heldDefinition(facts, one, serverHeld !== undefined)),
  ];
  const isNewVersion = serverHeld === undefined && differs === 'version_changed';
  return {
    offered: serverHeld === undefined ? offeredOf(facts, judged) : new Map(),
    pinned: first.map(({ definition }) => definition.name),
    accepted: accepted.map(({ name, rules }) => ({ name, rules })),
    held,
    newlyHeld: withinBound(facts, held),
    released: releasedBy(facts, held),
    serverHeld,
    versionChange:
      isNewVersion && pinnedIdentity !== undefined
        ? { from: pinnedIdentity.version, to: identity.version }
        : undefined,
    change: serverHeld === undefined ? changeOf(facts, first, accepted, isNewVersion) : {},
  };
}

function judgeAll(facts: PlanFacts): readonly Judged[] {
  const { settings, known, kind, pins, seen } = facts;
  const holdsNew = (settings.new_tools ?? (settings.mode === 'operator' ? 'hold' : 'accept')) === 'hold';
  const isLaterList = known?.lists.includes(kind) === true;
  let room = MAX_PINS - pins.size;
  return seen.map((definition) => {
    const pin = pins.get(definition.name);
    if (definition.problem !== undefined) {
      return { definition, verdict: { is: 'held', reason: definition.problem } };
    }
    if (pin !== undefined) {
      return { definition, verdict: judgeKnown(facts, pin, definition) };
    }
    if (isLaterList && holdsNew) {
      return { definition, verdict: { is: 'held', reason: 'new' } };
    }
    room -= 1;
    return { definition, verdict: room < 0 ? { is: 'held', reason: 'too_many' } : { is: 'first' } };
  });
}

function judgeKnown({ settings, pinnedTexts }: PlanFacts, pin: Pin, definition: SeenDefinition): Verdict {
  if (pin.digest === definition.digest) {
    return { is: 'same' };
  }
  const [pinned, seen] = [ifObject(pinnedTexts.get(pin.name)), ifObject(definition.text)];
  const rules =
    pinned === undefined || seen === undefined ? undefined : ifHarmless(pinned, seen, settings.accept);
  return rules === undefined ? { is: 'held', reason: 'changed' } : { is: 'harmless', rules };
}

function ifServerHeld(
  differs: ReturnType<typeof identityChange>,
  judged: readonly Judged[],
  { kind, held }: PlanFacts,
): HeldReason | undefined {
  if (differs !== 'version_changed') {
    return differs;
  }
  const isChanged =
    judged.some(({ verdict }) => verdict.is === 'held' && verdict.reason === 'changed') ||
    held.some((other) => other.kind !== 'server' && other.kind !== kind && other.reason === 'changed');
  return isChanged ? differs : undefined;
}

function offeredOf(
  { settings, pinnedTexts }: PlanFacts,
  judged: readonly Judged[],
): ReadonlyMap<string, 'as listed' | JsonObject> {
  const offered = new Map<string, 'as listed' | JsonObject>();
  for (const { definition, verdict } of judged) {
    if (verdict.is !== 'held') {
      offered.set(definition.name, 'as listed');
    } else if (verdict.reason === 'changed' && settings.on_change === 'serve_pinned') {
      const pinned = ifObject(pinnedTexts.get(definition.name));
      if (pinned !== undefined) {
        offered.set(definition.name, pinned);
      }
    }
  }
  return offered;
}

function harmless({ definition, verdict }: Judged): readonly (SeenDefinition & {
  readonly rules: readonly AcceptRuleName[];
})[] {
  return verdict.is === 'harmless' ? [{ ...definition, rules: verdict.rules }] : [];
}

function heldServer({ server, known, identity, atIso }: PlanFacts, reason: HeldReason): HeldEntry {
  const definition = identityText(identity);
  return {
    kind: 'server',
    name: server,
    reason,
    ...(known === undefined ? {} : { pinnedDigest: digestOf(known.identity) }),
    seenDigest: digestOf(definition),
    definition,
    seenAt: atIso,
  };
}

/** While the server itself is in doubt, nothing of it is pinned: what would have been is held, so that it can be looked at. */
function heldDefinition(
  { kind, pins, atIso }: PlanFacts,
  { definition, verdict }: Judged,
  inDoubt: boolean,
): readonly HeldEntry[] {
  const reason = inDoubt ? doubtOf(verdict) : ifHeld(verdict);
  if (reason === undefined) {
    return [];
  }
  const { name, digest, text } = definition;
  const pinnedDigest = pins.get(name)?.digest;
  return [
    {
      kind,
      name,
      reason,
      ...(pinnedDigest === undefined ? {} : { pinnedDigest }),
      seenDigest: digest,
      definition: text,
      seenAt: atIso,
    },
  ];
}

function ifHeld(verdict: Verdict): HeldReason | undefined {
  return verdict.is === 'held' ? verdict.reason : undefined;
}

function doubtOf(verdict: Verdict): HeldReason | undefined {
  if (verdict.is === 'same') {
    return undefined;
  }
  return verdict.is === 'held' ? verdict.reason : verdict.is === 'first' ? 'new' : 'changed';
}

/** What is not yet recorded so. Past the bound something is withheld without a record of its own. */
function withinBound({ held: before }: PlanFacts, held: readonly HeldEntry[]): readonly HeldEntry[] {
  const known = new Map(before.map((entry) => [keyOf(entry), entry]));
  let room = MAX_PINS - before.length;
  return held.filter((entry) => {
    const was = known.get(keyOf(entry));
    if (was !== undefined) {
      return (
        was.seenDigest !== entry.seenDigest ||
        was.reason !== entry.reason ||
        was.pinnedDigest !== entry.pinnedDigest
      );
    }
    room -= 1;
    return room >= 0;
  });
}

/** A list says nothing of other lists, but of the server it does. */
function releasedBy({ kind, held: before }: PlanFacts, held: readonly HeldEntry[]): readonly DefinitionKey[] {
  const still = new Set(held.map(keyOf));
  return before
    .filter((entry) => (entry.kind === kind || entry.kind === 'server') && !still.has(keyOf(entry)))
    .map(({ kind, name }) => ({ kind, name }));
}

function changeOf(
  { known, kind, identity, atIso }: PlanFacts,
  first: readonly Judged[],
  accepted: readonly (SeenDefinition & { readonly rules: readonly AcceptRuleName[] })[],
  isNewVersion: boolean,
): Pick<PinChange, 'identity' | 'pins'> {
  const isFirstList = known?.lists.includes(kind) !== true;
  const pins = [
    ...first.map(({ definition: { name, digest, text } }) => ({
      kind,
      name,
      digest,
      definition: text,
      firstSeenAt: atIso,
    })),
    ...accepted.map(({ name, digest, text, rules }) => ({
      kind,
      name,
      digest,
      definition: text,
      firstSeenAt: atIso,
      acceptedAt: atIso,
      acceptedBy: `rule:${rules.join(',')}`,
    })),
  ];
  const since = known ?? { lists: [], firstSeenAt: atIso };
  return {
    ...(isFirstList || isNewVersion
      ? {
          identity: {
            ...since,
            identity: identityText(identity),
            lists: isFirstList ? [...since.lists, kind] : since.lists,
          },
        }
      : {}),
    ...(pins.length === 0 ? {} : { pins }),
  };
}

function keyOf({ kind, name }: DefinitionKey): string {
  return `${kind} ${name}`;
}

function ifObject(text: string | undefined): JsonObject | undefined {
  if (text === undefined || text === '') {
    return undefined;
  }
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : undefined;
}
