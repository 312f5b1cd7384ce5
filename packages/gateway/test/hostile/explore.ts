import { openStage } from './stage.ts';
import { badRequests, slowRequests } from './bad-requests.ts';
import { encodeRequest, refusalBody } from './bad-request.ts';
import { sendRaw } from './raw-http.ts';
import { findSecrets } from './secrets.ts';
const stage = await openStage();
const port = stage.fixture.gateway.address.port;
console.log('sessions', stage.fixture.gateway.health().sessions);
const t0=performance.now();
let bad=0;
const run = async (entry: typeof badRequests[number]) => {
  const before = stage.fixture.log().length;
  let replies; let err='';
  try { replies = await sendRaw(port, encodeRequest(entry.request, stage.fill), 'raw' in entry.request ? entry.request : {}); } catch (e) { err = String(e); replies=[]; }
  const log = stage.fixture.log().slice(before);
  const r = replies[0];
  let body: unknown = r?.body; try { body = JSON.parse(r?.body ?? ''); } catch {}
  const want = refusalBody(entry.expect);
  const problems: string[] = [];
  if (err) problems.push(err.slice(0,300));
  if (replies.length !== 1) problems.push(`replies ${replies.length}: ${replies.map(x=>x.status+x.body).join(' | ')}`);
  if (r?.status !== entry.expect.status || JSON.stringify(body) !== JSON.stringify(want)) problems.push(`got ${r?.status} ${JSON.stringify(body)}\n   want ${entry.expect.status} ${JSON.stringify(want)}`);
  for (const [k,v] of Object.entries(entry.expect.headers ?? {})) if (r && r.headers[k] !== v) problems.push(`header ${k}: ${r.headers[k]} want ${v}`);
  if (entry.expect.logged) { const {code,detail}=entry.expect.logged; if (!log.includes(`"code":${JSON.stringify(code)},"detail":${JSON.stringify(detail)}`)) problems.push('log: '+log); }
  else if (log && entry.expect.status!==408) problems.push('logged: '+log.slice(0,300));
  if (log.includes('"level":"error"')) problems.push('ERROR LOG '+log);
  const leaks = findSecrets(log + replies.map(x=>JSON.stringify(x)).join(''), stage.secrets);
  if (leaks.length) problems.push('LEAK '+leaks);
  if (problems.length) { bad++; console.log(`## ${entry.name}\n   ${problems.join('\n   ')}`); }
};
for (const e of badRequests) await run(e);
console.log('total', badRequests.length, 'bad', bad, Math.round(performance.now()-t0),'ms');
await Promise.all(slowRequests.map(run));
console.log('sessions', stage.fixture.gateway.health().sessions, Math.round(performance.now()-t0));
await stage[Symbol.asyncDispose]();
