import { describe, expect, it } from 'vitest';
import { asksForSecret } from '../../../src/gate/questions/secret-wishes.ts';

function form(properties: Record<string, unknown>, message = 'Please fill this in') {
  return JSON.parse(
    JSON.stringify({ message, requestedSchema: { type: 'object', properties } }),
  ) as Parameters<typeof asksForSecret>[0];
}

const TEXT = { type: 'string' };

describe('asksForSecret()', () => {
  it.each([
    'password',
    'Password',
    'user_password',
    'userPassword',
    'newPasswd',
    'passphrase',
    'client-secret',
    'clientSecret',
    'token',
    'accessToken',
    'API_KEY',
    'apiKey',
    'api key',
    'apikey',
    'privateKey',
    'ssh_key',
    'pin',
    'PIN',
    'card.cvv',
    'otp',
    'security_code',
    'cardNumber',
    'seed-phrase',
    'ｐａｓｓｗｏｒｄ',
    'credentials',
  ])('finds the field %s (A21)', (name) => {
    expect(asksForSecret(form({ [name]: TEXT }))).toBe(true);
    expect(asksForSecret(form({ harmless: { ...TEXT, title: name } }))).toBe(true);
  });

  it.each([
    'name',
    'email',
    'city',
    'pinned',
    'spinner',
    'opinion',
    'shipping',
    'tokens',
    'passenger',
    'secretary',
    'monkey',
    'key',
    'keyboard',
    'code',
    'postal_code',
    'country_code',
  ])('leaves the field %s', (name) => {
    expect(asksForSecret(form({ [name]: TEXT }))).toBe(false);
  });

  it('finds a field inside others', () => {
    const inner = { type: 'object', properties: { password: TEXT } };
    expect(asksForSecret(form({ account: inner }))).toBe(true);
    expect(asksForSecret(form({ accounts: { type: 'array', items: inner } }))).toBe(true);
    expect(asksForSecret(form({ either: { type: 'object', anyOf: [{}, inner] } }))).toBe(true);
  });

  it('finds a field by its format', () => {
    expect(asksForSecret(form({ answer: { ...TEXT, format: 'password' } }))).toBe(true);
    expect(asksForSecret(form({ answer: { ...TEXT, format: 'email' } }))).toBe(false);
  });

  it('finds one among many, also a number', () => {
    expect(asksForSecret(form({ name: TEXT, pin: { type: 'integer' } }))).toBe(true);
    expect(asksForSecret(form({ name: TEXT, token_limit: { type: 'integer' } }))).toBe(false);
  });

  it.each([
    'Please enter your password',
    'Type the API key of the account here',
    'paste your access_token',
    'Provide the one-time code that you were sent',
    'We need you to confirm your PIN',
  ])('finds an order in the prose: %s', (text) => {
    expect(asksForSecret(form({ answer: TEXT }, text))).toBe(true);
    expect(asksForSecret(form({ answer: { ...TEXT, description: text } }))).toBe(true);
    expect(asksForSecret(form({ answer: { ...TEXT, title: text } }))).toBe(true);
  });

  it.each([
    'Your password expires tomorrow. Go on?',
    'Which branch is the secret santa list on?',
    'Enter your name. Never tell anybody your password!',
  ])('leaves prose that orders nothing: %s', (text) => {
    expect(asksForSecret(form({ answer: TEXT }, text))).toBe(text.includes('Never tell'));
  });

  it('takes a warning beside a number for no order, but beside a text for one', () => {
    const description =
      'Your favorite integer (do not give us your phone number, pin, or other sensitive info)';
    expect(asksForSecret(form({ integer: { type: 'integer', description } }))).toBe(false);
    expect(asksForSecret(form({ answer: { type: 'string', description } }))).toBe(true);
    const order = 'Do not wait: enter your pin';
    expect(asksForSecret(form({ integer: { type: 'integer', description: order } }))).toBe(true);
  });

  it('leaves yes and no, and choices', () => {
    const properties = {
      reset_password: { type: 'boolean' },
      token_kind: { type: 'string', enum: ['short', 'long'] },
      secret_level: { type: 'string', oneOf: [{ const: 'a', title: 'A' }] },
    };
    expect(asksForSecret(form(properties, 'Enter the kind of token'))).toBe(false);
  });

  it.each([
    [{}],
    [{ message: 'x' }],
    [{ message: 5, requestedSchema: 5 }],
    [{ requestedSchema: { properties: [] } }],
    [{ requestedSchema: { properties: { a: null } } }],
  ])('finds nothing in what is no form: %j', (params) => {
    expect(asksForSecret(params as unknown as Parameters<typeof asksForSecret>[0])).toBe(false);
  });

  it('takes a very long text in a moment (A77)', () => {
    const started = performance.now();
    asksForSecret(form({ answer: TEXT }, 'enter '.repeat(100_000)));
    asksForSecret(form({ ['a'.repeat(100_000)]: TEXT }));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
