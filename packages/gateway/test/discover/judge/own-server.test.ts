import { describe, expect, it } from 'vitest';
import { isOwnServer } from '../../../src/discover/judge/own-server.ts';

describe('isOwnServer()', () => {
  it.each<[string, ...string[]]>([
    ['smcp', 'stdio'],
    ['SMCP'],
    ['/usr/local/bin/smcp', 'stdio'],
    ['C:\\Users\\ann\\AppData\\npm\\smcp.cmd', 'stdio'],
    ['smcp-gateway', '--config', 'x.yaml'],
    ['smcp stdio'],
    ['npx', 'smcp', 'stdio'],
    ['npx', '-y', 'smcp@latest', 'stdio'],
    ['npx -y smcp stdio'],
    ['npx', '--prefix', '/srv/tools', 'smcp', 'stdio'],
    ['npx.cmd', '--yes', '--package', 'smcp', 'smcp', 'stdio'],
    ['npx', '--package=@smcp/cli', 'smcp', 'stdio'],
    ['npx', '--registry', 'https://registry.example', 'smcp', 'stdio'],
    ['npx', '-y', '@smcp/cli@1.2.3', 'stdio'],
    ['npm', 'exec', '--', 'smcp', 'stdio'],
    ['pnpm', 'dlx', 'smcp', 'stdio'],
    ['yarn', 'dlx', 'smcp'],
    ['bunx', 'smcp', 'stdio'],
    ['bun', 'x', 'smcp', 'stdio'],
    ['deno', 'run', '-A', 'npm:smcp@1', 'stdio'],
    ['node', '/opt/smcp/bin/smcp.js', 'stdio'],
    ['node', '--import', 'tsx', './packages/cli/bin/smcp.js', 'stdio'],
    ['/usr/bin/node', 'C:\\smcp\\bin\\smcp-gateway.mjs'],
    ['node', './node_modules/.bin/smcp', 'stdio'],
    ['tsx', 'src/smcp.ts'],
    ['env', 'A=1', 'smcp', 'stdio'],
    ['env', '-i', 'PATH=/bin', 'npx', 'smcp'],
    ['sh', '-c', 'smcp stdio'],
    ['bash', '-lc', 'cd /srv && exec npx -y smcp stdio'],
    ['bash', '-c', "source ~/.nvm/nvm.sh; 'smcp' stdio"],
    ['cmd', '/c', 'npx', '-y', 'smcp', 'stdio'],
    ['cmd.exe', '/d', '/s', '/c', 'smcp stdio'],
    ['powershell', '-Command', 'smcp stdio'],
    ['wsl', 'smcp', 'stdio'],
    ['sudo', 'smcp', 'stdio'],
    ['nice', '-n', '5', 'smcp', 'stdio'],
    ['timeout', '30s', 'smcp', 'stdio'],
    ['op', 'run', '--env-file', '.env', '--', 'smcp', 'stdio'],
    ['docker', 'run', '-i', '--rm', 'smcp'],
    ['docker', 'run', '-i', 'ghcr.io/acme/smcp:1.0', 'stdio'],
    ['podman', 'run', 'registry.example:5000/smcp@sha256:0123abcd'],
  ])('knows %s %s %s %s %s', (command, ...args) => {
    expect(isOwnServer(command, args)).toBe(true);
  });

  it.each<[string, ...string[]]>([
    ['npx', '-y', '@modelcontextprotocol/server-filesystem', '/home/ann/smcp'],
    ['npx', '-y', '@modelcontextprotocol/server-filesystem', 'smcp'],
    ['npx', '-y', 'smcp-tools'],
    ['npx', '-y', 'my-smcp'],
    ['npx', '-y', '@acme/smcp'],
    ['node', 'server.js', 'smcp'],
    ['node', '/home/ann/smcp/server.js'],
    ['node', '/opt/other/index.js', '--name', 'smcp'],
    ['/home/ann/smcp/run-other'],
    ['uvx', 'mcp-server-git', '--repository', '/home/ann/smcp'],
    ['sh', '-c', 'cd /home/ann/smcp && node server.js'],
    ['env', 'NAME=smcp', 'other'],
    ['sudo', '-u', 'smcp', 'other'],
    ['docker', 'run', '-v', '/home/ann/smcp:/data', 'mcp/filesystem', '/data'],
    ['docker', 'run', 'acme/smcp-tools'],
    ['python', '-m', 'smcp_like'],
    ['', ''],
  ])('leaves %s %s %s %s alone', (command, ...args) => {
    expect(isOwnServer(command, args)).toBe(false);
  });

  it('ends for shells in shells, and for endless arguments', () => {
    expect(isOwnServer('sh', ['-c', 'sh -c sh -c sh -c sh -c sh -c smcp'])).toBe(false);
    expect(
      isOwnServer(
        'npx',
        Array.from({ length: 100_000 }, () => '-y'),
      ),
    ).toBe(false);
  });
});
