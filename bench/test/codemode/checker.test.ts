import { describe, expect, it } from 'vitest';
import { generatedScript, generatedTool } from '../../codemode/measure/checker.ts';

describe('generatedScript()', () => {
  it('has 50 lines', () => {
    expect(generatedScript('mark', false).split('\n')).toHaveLength(50);
  });

  it('is another text for another mark', () => {
    expect(generatedScript('one', false)).not.toBe(generatedScript('two', false));
  });

  it('is wrong in one place only', () => {
    const right = generatedScript('mark', false).split('\n');
    const wrong = generatedScript('mark', true).split('\n');
    expect(wrong.filter((line, at) => line !== right[at])).toEqual(["  state: 'gone',"]);
  });

  it('calls tools that there are', () => {
    const called = generatedScript('mark', false).match(/updateRecord\d+/g) ?? [];
    const known = Array.from({ length: 100 }, (_, at) =>
      generatedTool(at).name.replace(/_r|_(?=\d)/g, (cut) => (cut === '_r' ? 'R' : '')),
    );
    expect(called.filter((name) => !known.includes(name))).toEqual([]);
    expect(new Set(called).size).toBe(7);
  });
});
