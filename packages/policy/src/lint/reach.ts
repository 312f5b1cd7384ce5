import { parsePattern, patternMatches, type Pattern } from '../pattern.ts';
import type { PolicyRule } from '../policy-set.ts';
import { shown } from '../shown.ts';
import { onRule, type LintContext, type LintFinding } from './finding.ts';

/** Patterns that meet no configured server, or no tool of the servers that they meet. */
export function lintReach(rule: PolicyRule, { servers, tools }: LintContext): readonly LintFinding[] {
  return rule.patterns.patterns.flatMap((text): readonly LintFinding[] => {
    const pattern = parsePattern(text);
    const met = servers.filter((server) => pattern.server.matches(server));
    if (met.length === 0) {
      const server = pattern.server.text;
      const message = `Pattern ${shown(text)} names the server ${shown(server)}, which is not configured`;
      return [onRule(rule, { code: 'server-unknown', severity: 'error', message, pattern: text, server })];
    }
    if (met.some((server) => mayMeetTool(pattern, server, tools?.get(server)))) return [];
    const message = `Pattern ${shown(text)} matches no tool of ${met.slice(0, 3).map(shown).join(', ')}`;
    return [onRule(rule, { code: 'rule-never-matches', severity: 'warning', message, pattern: text })];
  });
}

/** Only tools are known by name; a server whose catalogue is unknown may have any. */
function mayMeetTool(pattern: Pattern, server: string, tools: readonly string[] | undefined): boolean {
  if (pattern.kind !== 'tool' || tools === undefined) return true;
  return tools.some((name) => patternMatches(pattern, { kind: 'tool', server, name }));
}
