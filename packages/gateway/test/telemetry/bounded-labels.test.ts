import { describe, expect, it } from 'vitest';
import { BoundedLabels } from '../../src/telemetry/bounded-labels.ts';
import { CallSeriesTable, MAX_SERIES } from '../../src/telemetry/call-series.ts';

describe('BoundedLabels', () => {
  it('gives each value its own label until there is no room, and known ones keep theirs', () => {
    const labels = new BoundedLabels(2);
    expect(['a', 'b', 'c', 'a', 'b', 'c'].map((value) => labels.label(value))).toEqual([
      'a',
      'b',
      'other',
      'a',
      'b',
      'other',
    ]);
    expect(labels.size).toBe(2);
  });

  it('keeps room for proven values, whatever is invented', () => {
    const labels = new BoundedLabels(3, 1);
    expect([labels.label('invented-1'), labels.label('invented-2')]).toEqual(['invented-1', 'other']);
    expect([
      labels.label('real-1', true),
      labels.label('real-2', true),
      labels.label('real-3', true),
    ]).toEqual(['real-1', 'real-2', 'other']);
  });

  it('frees the unproven room of a value that proves real', () => {
    const labels = new BoundedLabels(5, 1);
    labels.label('a');
    labels.label('a', true);
    expect([labels.label('b'), labels.label('c')]).toEqual(['b', 'other']);
  });

  it.each(['', 'x'.repeat(129), 'a\nb', '\u001b[2J', 'a\u202eb', 'a\u2028b', '\ud800'])(
    'never uses %j',
    (value) => {
      const labels = new BoundedLabels(10);
      expect(labels.label(value, true)).toBe('other');
      expect(labels.size).toBe(0);
    },
  );
});

describe('CallSeriesTable', () => {
  it('finds the same series again', () => {
    const table = new CallSeriesTable();
    const series = table.find('files', 'read', 'ok', 'mcp', true);
    expect(table.find('files', 'read', 'ok', 'mcp', true)).toBe(series);
    expect(series.labels).toEqual({ server: 'files', tool: 'read', outcome: 'ok', door: 'mcp' });
    expect(table.find('files', 'write', 'ok', 'cli', true).timing).toBe(series.timing);
  });

  it('has at most 2,000 tool labels, then other', () => {
    const table = new CallSeriesTable();
    for (let index = 0; index < 2500; index += 1) table.find('files', `tool-${index}`, 'ok', 'mcp', true);
    const tools = new Set(table.all.map(({ labels }) => labels.tool));
    expect(tools.size).toBe(2001);
    expect(table.find('files', 'tool-2400', 'ok', 'mcp', true).labels.tool).toBe('other');
    expect(table.find('files', 'tool-1', 'ok', 'mcp', true).labels.tool).toBe('tool-1');
  });

  it('keeps room for real tools when callers invent names', () => {
    const table = new CallSeriesTable();
    for (let index = 0; index < 100_000; index += 1)
      table.find(`server-${index}`, `tool-${index}`, 'unknown_tool', 'mcp', false);
    expect(table.all.length).toBeLessThanOrEqual(601);
    expect(table.find('files', 'read', 'ok', 'mcp', true).labels).toMatchObject({
      server: 'files',
      tool: 'read',
    });
  });

  it('is bounded in combinations too, and still counts by outcome', () => {
    const table = new CallSeriesTable();
    for (let server = 0; server < 300; server += 1) {
      for (let tool = 0; tool < 100; tool += 1) table.find(`s${server}`, `t${tool}`, 'ok', 'mcp', true);
    }
    const late = table.find('s299', 't99', 'timeout', 'mcp', true);
    expect(late.labels).toEqual({ server: 'other', tool: 'other', outcome: 'timeout', door: 'other' });
    expect(table.find('s299', 't98', 'timeout', 'cli', true)).toBe(late);
    expect(table.all.length).toBeLessThanOrEqual(MAX_SERIES + 64);
  });
});
