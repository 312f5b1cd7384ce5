import { DynamicWorkerExecutor } from '@cloudflare/codemode';
import { BENCH_FUNCTIONS } from '../upstream/bench-tools.mjs';

const PROVIDERS = [{ name: 'bench', fns: BENCH_FUNCTIONS }];

/** Runs the script that is the body of the request; an empty one says that nothing is to be run. */
export default {
  async fetch(request, env) {
    const code = await request.text();
    if (code === '') {
      return Response.json({});
    }
    const executor = new DynamicWorkerExecutor({ loader: env.LOADER });
    const { result, error } = await executor.execute(code, PROVIDERS);
    return Response.json({ value: result, error });
  },
};
