import { describe, expect, it } from 'vitest';
import { acceptedForms, isJsonContent } from '../../../src/door/http/media-type.ts';

describe('isJsonContent()', () => {
  it.each([
    'application/json',
    'Application/JSON',
    ' application/json ',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json; charset=utf8; profile=x',
  ])('takes %j', (header) => {
    expect(isJsonContent(header)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'text/plain',
    'text/json',
    'application/jsonx',
    'application/json-seq',
    'application/vnd.api+json',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=utf-7',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset=',
    'multipart/form-data; x=application/json',
  ])('refuses %j', (header) => {
    expect(isJsonContent(header)).toBe(false);
  });
});

describe('acceptedForms()', () => {
  it.each([
    [undefined, true, true],
    ['', true, true],
    ['*/*', true, true],
    ['application/json, text/event-stream', true, true],
    ['TEXT/EVENT-STREAM,APPLICATION/JSON', true, true],
    ['application/json', true, false],
    ['application/*', true, false],
    ['application/json; q=0.5', true, false],
    ['text/event-stream', false, true],
    ['text/*;q=0.1', false, true],
    ['application/json;q=0, text/event-stream', false, true],
    ['application/json;q=0.000, text/event-stream;q=0.001', false, true],
    ['text/html', false, false],
    ['application/jsonx', false, false],
    ['*/*;q=0', false, false],
  ])('reads %j', (header, json, stream) => {
    expect(acceptedForms(header)).toEqual({ json, stream });
  });
});
