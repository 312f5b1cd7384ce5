import { describe, expect, it } from 'vitest';
import { looksRandom } from '../../../src/discover/show/secret-like.ts';
import { showReach } from '../../../src/discover/show/shown.ts';

describe('showReach() of a command', () => {
  it.each<[readonly string[], string]>([
    [
      ['-y', '@modelcontextprotocol/server-filesystem@2026.8.31', '/home/ann/docs'],
      'x -y @modelcontextprotocol/server-filesystem@2026.8.31 /home/ann/docs',
    ],
    [['--api-key', 'abc'], 'x --api-key …'],
    [['--token=abc', '--port=80'], 'x --token=… --port=80'],
    [['--password', '--verbose'], 'x --password --verbose'],
    [
      ['-e', 'GITHUB_PERSONAL_ACCESS_TOKEN=abc', '-e', 'MODE=ro'],
      'x -e GITHUB_PERSONAL_ACCESS_TOKEN=… -e MODE=…',
    ],
    [['--header', 'Authorization: Bearer abc'], 'x --header "Authorization: …"'],
    [['-H', 'X-Anything: abc'], 'x -H "X-Anything: …"'],
    [['postgresql://ann:pw@db.example:5432/main'], 'x postgresql://…@db.example:5432/main'],
    [['https://a.example/sse?key=abc&x=1'], 'x https://a.example/sse?key=…&x=…'],
    [['https://a.example'], 'x https://a.example'],
    [['ghp_0123456789abcdefghijklmnopqrstuvwxyz'], 'x [redacted]'],
    [['two words', ''], 'x "two words" ""'],
    [['4f9a1c2b7d8e4f9a1c2b7d8e'], 'x …'],
  ])('shows %j as %s', (args, shown) => {
    expect(showReach({ command: 'x', args }, []).text).toBe(shown);
  });

  it('hides known values wherever they stand', () => {
    const { text } = showReach({ command: '/opt/hush-hush/run', args: ['a=hush-hush'] }, ['hush-hush']);
    expect(text).not.toContain('hush');
  });

  it('tells the values that it hid for what they are', () => {
    const args = [
      '--token',
      'tok-one',
      'TOKEN=tok-two',
      'MODE=ro',
      'https://u:pass-word@a.example/?api_key=tok-three',
    ];
    expect(showReach({ command: 'x', args }, []).secrets).toEqual([
      'tok-one',
      'tok-two',
      'pass-word',
      'tok-three',
    ]);
  });

  // Ends at once, or not within the time of a test.
  it('takes time that grows with the text', () => {
    const args = ['a://'.repeat(50_000), 'A'.repeat(200_000), `${'-'.repeat(100_000)}=`];
    expect(showReach({ command: 'x', args }, []).secrets).toEqual([]);
  });
});

describe('showReach() of an address', () => {
  it.each([
    ['https://a.example/mcp', 'https://a.example/mcp'],
    ['https://ann:pw@a.example:8443/mcp', 'https://…@a.example:8443/mcp'],
    ['https://a.example/mcp?token=abc&b=c', 'https://a.example/mcp?token=…&b=…'],
    ['https://a.example/mcp#secret', 'https://a.example/mcp'],
    ['https://a.example/s/Zm9vYmFyMTIzNDU2Nzg5/mcp', 'https://a.example/s/…/mcp'],
    ['https://a.example/8b1f0c9e-1d2c-4b5a-9f00-aabbccddeeff', 'https://a.example/…'],
    ['https://u:p@${HOST}/mcp?key=abc', 'https://…@${HOST}/mcp?…'],
    ['no address?x=y', 'no address?…'],
  ])('shows %s as %s', (url, shown) => {
    expect(showReach({ url }, []).text).toBe(shown);
  });
});

describe('looksRandom()', () => {
  it.each(['sk-Ab3dEf6hIj9kLm2nOp5q', '0123456789abcdef01234', '8b1f0c9e-1d2c-4b5a-9f00-aabbccddeeff'])(
    'sees %s',
    (text) => {
      expect(looksRandom(text)).toBe(true);
    },
  );

  it.each([
    'server-filesystem-2026',
    'mcp-server-postgres2',
    'ServerFilesystemForEverybody',
    '20260831123456789012',
    '/usr/lib/x86_64-linux-gnu',
    '2026.8.31',
  ])('does not see %s', (text) => {
    expect(looksRandom(text)).toBe(false);
  });
});
