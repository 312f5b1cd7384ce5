import {
  compilePatternSet,
  compilePolicy,
  decide,
  type Action,
  type Facts,
  type PolicySet,
  type Principal,
  type RoleSpec,
  type RuleSpec,
} from '@smcp/policy';

const ROLES = 100;
const RULES_PER_ROLE = 10;
const SERVERS = 25;
const CALLS = 100_000;
const WARM_UP_CALLS = 20_000;

/** Times are microseconds of one `decide` each, clock reading included. */
export interface PolicyDecisionFigures {
  readonly rules: number;
  readonly roles: number;
  readonly calls: number;
  readonly p50_us: number;
  readonly p99_us: number;
  readonly max_us: number;
}

interface Call {
  readonly principal: Principal;
  readonly action: Action;
  readonly facts: Facts;
}

/**
 * Measures single policy decisions: 1,000 rules in 100 roles, 100,000 calls that hit an allow, hit a deny, hit nothing, satisfy or violate an argument
 * constraint, by principals with one role, five roles, all roles, or a delegation.
 */
export function benchPolicyDecision(): PolicyDecisionFigures {
  const policy = createPolicy();
  const calls = createCalls();
  for (let i = 0; i < WARM_UP_CALLS; i += 1) decideNth(policy, calls, i);

  const nanos = new Float64Array(CALLS);
  for (let i = 0; i < CALLS; i += 1) {
    const started = process.hrtime.bigint();
    decideNth(policy, calls, i);
    nanos[i] = Number(process.hrtime.bigint() - started);
  }
  nanos.sort();
  const micros = (share: number): number =>
    Math.round((nanos[Math.min(CALLS - 1, Math.floor(CALLS * share))] ?? Number.NaN) / 10) / 100;
  return {
    rules: policy.ruleCount,
    roles: policy.roleNames.length,
    calls: CALLS,
    p50_us: micros(0.5),
    p99_us: micros(0.99),
    max_us: micros(1),
  };
}

function decideNth(policy: PolicySet, calls: readonly Call[], n: number): void {
  const call = calls[n % calls.length];
  if (call === undefined) throw new RangeError('No calls to decide');
  decide(policy, call.principal, call.action, call.facts);
}

/** Per role: six allow globs, one allow with a constraint, two deny globs, one deny with a constraint. */
function createPolicy(): PolicySet {
  const path = { type: 'string', pattern: '^/home/[a-z]+/' };
  const rule = (patterns: readonly string[], schemas?: RuleSpec['arguments']): RuleSpec => ({
    patterns,
    line: 1,
    ...(schemas === undefined ? {} : { arguments: schemas }),
  });
  const roles = Array.from({ length: ROLES }, (_, r): RoleSpec => {
    const server = (offset: number): string => `server${(r + offset) % SERVERS}`;
    return {
      name: `role${r}`,
      line: 1,
      allow: [
        ...[0, 1, 2, 3, 4].map((offset) => rule([`${server(offset)}:read_*`])),
        rule([`${server(0)}:*_item_${r % 10}*`]),
        rule([`${server(1)}:write_file`], { path }),
      ],
      deny: [
        rule([`${server(0)}:delete_*`]),
        rule(['*:admin_*_all']),
        rule([`${server(2)}:pay`], { amount: { type: 'number', exclusiveMinimum: 100 } }),
      ],
    };
  });
  if (
    roles.length * RULES_PER_ROLE !==
    roles.reduce((n, { allow, deny }) => n + allow.length + deny.length, 0)
  ) {
    throw new RangeError('The policy does not have the size that it claims');
  }
  return compilePolicy({ source: { file: 'bench' }, roles });
}

function createCalls(): readonly Call[] {
  const all = Array.from({ length: ROLES }, (_, r) => `role${r}`);
  const principals = Array.from({ length: 40 }, (_, p): Principal => {
    const roles =
      p % 20 === 0
        ? all
        : Array.from({ length: p % 2 === 0 ? 1 : 5 }, (_, i) => `role${(p * 7 + i) % ROLES}`);
    const base = { id: `key:user${p}`, kind: 'key', tenant: 'default', roles } as const;
    if (p % 5 !== 1) return base;
    const scope = compilePatternSet(['*:read_*', '*:write_*']);
    return {
      ...base,
      delegation: { grants: [{ delegator: 'key:root', roles: [...roles, 'role1'], scope }] },
    };
  });
  const actions: readonly (readonly [string, Facts])[] = [
    ['read_item', { arguments: { id: 7 } }],
    ['read_channel', {}],
    ['list_item_3_of', { arguments: {} }],
    ['delete_item', { arguments: { id: 7 } }],
    ['admin_drop_all', { arguments: {} }],
    ['unknown_tool', { arguments: {} }],
    ['write_file', { arguments: { path: '/home/ann/notes.txt', content: 'x'.repeat(200) } }],
    ['write_file', { arguments: { path: '/etc/passwd', content: 'x' } }],
    ['pay', { arguments: { amount: 250 } }],
    ['pay', { arguments: { amount: 5 } }],
  ];
  return principals.flatMap((principal, p) =>
    actions.flatMap(([name, facts], a) =>
      Array.from({ length: 5 }, (_, s): Call => {
        const server = `server${(p * 7 + s + (a % 2)) % (SERVERS + 1)}`;
        return { principal, action: { kind: 'tool', server, name }, facts };
      }),
    ),
  );
}

if (import.meta.main) console.log(JSON.stringify(benchPolicyDecision()));
