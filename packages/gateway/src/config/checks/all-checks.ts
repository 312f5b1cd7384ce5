import { checkCallers } from './callers.ts';
import type { Check } from './check.ts';
import { checkJwtIssuers } from './jwt-issuers.ts';
import { checkListening, checkNaming } from './listening.ts';
import { checkRoleRules } from './role-rules.ts';
import { checkServerCredentials, checkTelemetryHeaders } from './server-credentials.ts';
import { checkServerKind } from './server-kind.ts';

export const allChecks: readonly Check[] = [
  checkListening,
  checkNaming,
  checkServerKind,
  checkServerCredentials,
  checkTelemetryHeaders,
  checkCallers,
  checkJwtIssuers,
  checkRoleRules,
];
