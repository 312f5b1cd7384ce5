import { describe, expect, it } from 'vitest';
import { approvalRefusalMessage } from '../../src/approval/index.ts';
import { approval } from './make-desk.ts';

describe('approvalRefusalMessage()', () => {
  it('says how to get the approval and until when', () => {
    expect(approvalRefusalMessage(approval())).toBe(
      'The tool "post_message" of "slack" needs approval (apr-1) and was not called. An operator can approve this one call with "smcp approvals approve apr-1"; then repeat the same call before 14:15:00 UTC',
    );
  });

  it('does not send to an operator who may not answer', () => {
    const message = approvalRefusalMessage(approval({ answerers: ['caller'] }));
    expect(message).toContain('Only the user of a client that supports elicitation can approve it');
    expect(message).not.toContain('smcp approvals');
  });

  it('does not invite to repeat what was denied', () => {
    const message = approvalRefusalMessage(approval({ status: 'denied' }));
    expect(message).toContain('denied (apr-1); do not repeat this call');
  });

  it('is one line, and of bounded length, whatever the name', () => {
    const message = approvalRefusalMessage(approval({ name: '\n\u202e'.repeat(4000) }));
    expect(message).not.toMatch(/[\n\u202e]/);
    expect(message.length).toBeLessThan(1000);
  });

  it('has neither arguments nor the rule: the agent reads it', () => {
    const message = approvalRefusalMessage(approval({ shown: '{"a":"private"}' }));
    expect(message).not.toMatch(/private|roles/);
  });
});
