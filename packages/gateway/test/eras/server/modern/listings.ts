import { completable, ResourceTemplate, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { CITIES, COUNTER_URI, NOTE_URI, STYLES } from '../texts.ts';
import type { World } from '../world.ts';

/** Prompts, resources and templates, with completion. */
export function addListings(server: McpServer, world: World): void {
  const style = completable(z.string(), (typed) => STYLES.filter((known) => known.startsWith(typed)));
  const argsSchema = z.object({ style });
  server.registerPrompt('greet', { description: 'Greets', argsSchema }, ({ style }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Greet in a ${style} way` } }],
  }));
  server.registerResource('note', NOTE_URI, { mimeType: 'text/plain' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'remember the milk' }],
  }));
  server.registerResource('counter', COUNTER_URI, {}, (uri) => ({
    contents: [{ uri: uri.href, text: String(world.counter) }],
  }));
  const template = new ResourceTemplate('era://city/{city}', {
    list: undefined,
    complete: { city: (typed) => CITIES.filter((known) => known.startsWith(typed)) },
  });
  server.registerResource('city', template, {}, (uri, { city }) => ({
    contents: [{ uri: uri.href, text: `The city of ${String(city)}` }],
  }));
}
