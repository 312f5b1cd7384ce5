import { describe, expect, it } from 'vitest';
import { needsArguments } from '../../../src/bindings/schema/needs-arguments.ts';

const required = { required: ['a'] };
const free = { properties: { a: {} } };

describe('needsArguments()', () => {
  it.each([
    ['a required property', required],
    ['one in allOf', { allOf: [free, required] }],
    ['one in every branch of anyOf', { anyOf: [required, { required: ['b'] }] }],
    ['one in every branch of oneOf', { oneOf: [required] }],
    ['one behind a reference', { $ref: '#/$defs/x', $defs: { x: required } }],
  ])('needsArguments() sees %s', (_, schema) => {
    expect(needsArguments(schema)).toBe(true);
  });

  it.each([
    ['nothing', {}],
    ['an empty list', { required: [] }],
    ['a flag in place of the list', { required: true }],
    ['one branch that requires nothing', { anyOf: [required, free] }],
    ['only a property that requires something', { properties: { a: required } }],
    ['a reference to itself', { $ref: '#' }],
    ['a remote reference', { $ref: 'https://schemas.example/x' }],
    ['a million branches', { allOf: Array.from({ length: 1_000_000 }, () => true) }],
  ])('needsArguments() sees no need for %s', (_, schema) => {
    expect(needsArguments(schema)).toBe(false);
  });
});
