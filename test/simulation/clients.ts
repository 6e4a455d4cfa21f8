import type { KubeObject } from '#kubernetes';
import { ClusterError, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { CommandAnswer, CommandContext, ExecutionService } from '#runtime';
import type { PlannedExecution } from './workload.ts';
import type { World } from './world.ts';

export const NAMESPACE = 'shop';
const CONTEXT: CommandContext = { actor: { user: 'somebody' }, source: 'rest' };
/** A client that gets no answer asks again so often, after so long. */
const ATTEMPTS = 4;
const CLIENT_TIMEOUT_MS = 5_000;

/** People and programs that ask for executions, by either door. */
export class Clients {
  constructor(private readonly world: World) {}

  /** Plans everything that will be asked for. */
  begin(planned: readonly PlannedExecution[]): void {
    for (const each of planned)
      this.world.timeline.after(each.atMs, () => void (each.entry === 'rest' ? this.post(each) : this.apply(each)));
  }

  /** Gives a command by REST to whichever replica takes requests; what it answers is written down. */
  async command(what: string, give: (service: ExecutionService) => Promise<CommandAnswer>): Promise<boolean> {
    const service = this.world.anyService();
    if (service === undefined) return false;
    const answered = give(service).then(
      (answer) => this.answered(what, answer),
      (error: unknown) => this.say(`${what}: ${error instanceof Error ? error.name : String(error)}`, false),
    );
    const timeout = this.world.timeline.sleep(CLIENT_TIMEOUT_MS).then(() => false);
    return Promise.race([answered, timeout]);
  }

  commandTo(verb: 'cancel' | 'release' | 'sync', id: string): Promise<boolean> {
    const { random } = this.world;
    const mode = random.chance(0.5) ? 'Graceful' : 'Immediate';
    return this.command(`${verb} ${id.slice(-6)}`, (service) => {
      if (verb === 'cancel') return service.cancel(id, mode, 'simulated', CONTEXT);
      return verb === 'release' ? service.release(id, 'simulated', CONTEXT) : service.sync(id, CONTEXT);
    });
  }

  private async post(planned: PlannedExecution): Promise<void> {
    const { spec, name, hasName, idempotencyKey } = planned;
    const request = {
      spec,
      namespace: NAMESPACE,
      ...(hasName && { name }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
    const attempts = idempotencyKey === undefined ? 1 : ATTEMPTS;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (await this.command(`POST ${name}`, (service) => service.create(request, CONTEXT))) return;
      await this.world.timeline.sleep(CLIENT_TIMEOUT_MS);
    }
  }

  private async apply({ name, spec }: PlannedExecution): Promise<void> {
    const metadata = { namespace: NAMESPACE, name };
    const object: KubeObject = { apiVersion: API_VERSION, kind: WORKFLOW_EXECUTIONS.kind, metadata, spec };
    try {
      await this.world.cluster.create(WORKFLOW_EXECUTIONS, object);
      this.say(`applied ${name} for ${spec.targetResource}`, true);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      this.say(`applying ${name}: ${error.code}`, false);
    }
  }

  private answered(what: string, answer: CommandAnswer): boolean {
    if (answer.kind === 'Refused') return this.say(`${what}: refused, ${answer.code}`, true);
    const { executionId, revision, recorded } = answer;
    this.world.ledger.acknowledged.push({ executionId, revision, recorded });
    return this.say(`${what}: ${executionId.slice(-6)}@${revision} ${recorded.join(', ')}`, true);
  }

  private say(what: string, result: boolean): boolean {
    this.world.trace.say('client', what);
    return result;
  }
}

const API_VERSION = `${WORKFLOW_EXECUTIONS.group}/${WORKFLOW_EXECUTIONS.version}`;
