import { expect, it } from 'vitest';
import * as policy from '@smcp/policy';

it('@smcp/policy exports exactly this', () => {
  expect(Object.keys(policy).sort()).toEqual([
    'DecisionMemo',
    'PolicyError',
    'compilePatternSet',
    'compilePolicy',
    'createValueCheck',
    'decide',
    'explain',
    'lint',
    'mayReach',
  ]);
});
