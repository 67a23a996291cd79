import type { Part, PartOptions } from '../../parts';
import { serveJson } from '../jsonService';
import { createEngine, type Engine, type EngineOptions } from './engine';
import { throttled } from './wire';

/** DynamoDB over HTTP; `engine` is the same tables in process. */
export async function startDynamoDb(options: PartOptions & EngineOptions): Promise<Part & { readonly engine: Engine }> {
  const engine = await createEngine(options);
  // Faults are the engine's own matter, so that tests in process suffer them too.
  const service = { version: '1.0', throttled, handle: engine.handle.bind(engine) } as const;
  const server = await serveJson(service, options);
  return {
    url: server.url,
    engine,
    close: async () => {
      await server.close();
      await engine.close();
    },
  };
}
