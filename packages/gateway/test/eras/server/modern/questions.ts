import {
  inputRequired,
  inputResponse,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { COLOUR_SCHEMA, CONSENT_URL, NAME_SCHEMA, spoken, text } from '../texts.ts';

const NAME = inputRequired.elicit({ message: 'Your name?', requestedSchema: NAME_SCHEMA });
const COLOUR = inputRequired.elicit({ message: 'Your colour?', requestedSchema: COLOUR_SCHEMA });

/** The answer of the client to a form or a link, once it has come back with one. */
function ifSpoken({ mcpReq }: ServerContext, key: string): string | undefined {
  const answer = inputResponse(mcpReq.inputResponses, key);
  return answer.kind === 'elicit' ? spoken(answer) : undefined;
}

/** Tools and a prompt that need something of the client before they can answer. */
export function addQuestions(server: McpServer): void {
  server.registerTool('ask_name', {}, (context) => {
    const said = ifSpoken(context, 'name');
    return said === undefined ? inputRequired({ inputRequests: { name: NAME } }) : text(said);
  });
  server.registerTool('ask_in_turn', {}, (context) => {
    // The state is what keeps the first answer, as clients send only those of the last round.
    const first = context.mcpReq.requestState<string>();
    const colour = ifSpoken(context, 'colour');
    if (first !== undefined && colour !== undefined) return text(`${first} ${colour}`);
    const name = ifSpoken(context, 'name');
    return name === undefined
      ? inputRequired({ inputRequests: { name: NAME } })
      : inputRequired({ inputRequests: { colour: COLOUR }, requestState: name });
  });
  server.registerTool('ask_at_once', {}, (context) => {
    const said = [ifSpoken(context, 'name'), ifSpoken(context, 'colour')];
    return said.includes(undefined)
      ? inputRequired({ inputRequests: { name: NAME, colour: COLOUR }, requestState: 'both' })
      : text(said.join(' '));
  });
  server.registerTool('ask_url', {}, (context) => {
    const said = ifSpoken(context, 'consent');
    if (said !== undefined) return text(said === '' ? 'accept' : said);
    const consent = inputRequired.elicitUrl({ message: 'Please agree', url: CONSENT_URL });
    return inputRequired({ inputRequests: { consent } });
  });
  server.registerTool('ask_model', {}, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'model');
    if (answer.kind !== 'sampling') return askModel();
    const { content } = answer.result;
    const block = Array.isArray(content) ? content[0] : content;
    return text(block?.type === 'text' ? block.text : String(block?.type));
  });
  server.registerTool('ask_roots', {}, ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, 'roots');
    return answer.kind === 'roots'
      ? text(answer.roots.map(({ uri }) => uri).join(' '))
      : inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
  });
  server.registerPrompt('briefing', {}, (context) => {
    const said = ifSpoken(context, 'name');
    return said === undefined
      ? inputRequired({ inputRequests: { name: NAME } })
      : { messages: [{ role: 'user', content: { type: 'text', text: `Brief ${said}` } }] };
  });
}

function askModel(): InputRequiredResult {
  const model = inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: 'One word?' } }],
    maxTokens: 10,
  });
  return inputRequired({ inputRequests: { model } });
}
