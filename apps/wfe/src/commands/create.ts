import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Option } from 'commander';
import type { Api } from '../api/api.ts';
import type { Created, CreateRequest } from '../api/answers.ts';
import { isPassing } from '../api/live.ts';
import { Failure } from '../exit-codes.ts';
import { readRequest } from '../files/request-file.ts';
import { clean } from '../render/clean.ts';
import type { Session } from '../session.ts';
import {
  acting,
  collected,
  durationMs,
  outputOption,
  print,
  type Ending,
  type Form,
  type Registry,
} from './command.ts';
import { requestOf, type RequestOptions } from './create-request.ts';
import { waitFor } from './waiting.ts';

interface CreateOptions extends RequestOptions {
  readonly file?: string;
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
  readonly waitTimeout: number;
  readonly output: Form;
}

const EXAMPLES = `
Examples:
  wfe create -f examples/echo.yaml --wait
  wfe create --target payment/deployment/payment-api --workflow restart --workflow-version 1.4.0 \\
      --image registry.example/workflows/restart:1.4.0 --remediation-request rr-oom -p REPLICAS=3`;

export function registerCreate(registry: Registry): void {
  const command = registry.program
    .command('create')
    .summary('ask for a workflow to be run against a target')
    .description(
      'Ask for one workflow to be run against one target. Answers when it is durably recorded; its run is created after that.',
    )
    .option('-f, --file <file>', 'a WorkflowExecution manifest or the body of the REST call, YAML or JSON; - is stdin')
    .option('--target <target>', 'namespace/kind/name, or kind/name for a cluster-scoped target')
    .option('--workflow <id>', 'id of the workflow')
    .option('--workflow-version <version>', 'version of the workflow')
    .option('--image <reference>', 'OCI reference of its bundle')
    .option('--digest <digest>', 'pull the bundle by this digest (sha256:…)')
    .option('--remediation-request <name>', 'what it is done for; finds everything that was done for it')
    .option('-p, --param <NAME=VALUE>', 'a parameter of the workflow; may be given several times', collected)
    .option('--name <name>', 'name of the WorkflowExecution; made from the id when left out')
    .option('--confidence <number>', '0 to 1')
    .option('--rationale <text>', 'why; kept in the history')
    .option('--service-account <name>', 'service account of the run')
    .option('--run-timeout <duration>', 'limit of the run, as in 30m')
    .addOption(new Option('--on-conflict <what>', 'when the target is locked').choices(['Fail', 'Skip', 'Wait']))
    .option('--idempotency-key <key>', 'the same key and request again gives the first answer')
    .option('--wait', 'wait for its end; exit code 1 unless it succeeded')
    .addOption(
      new Option('--wait-timeout <duration>', 'give up waiting after this')
        .argParser(durationMs)
        .default(3_600_000, '1h'),
    )
    .addOption(outputOption('table', 'json', 'yaml', 'name'))
    .addHelpText('after', `\nOptions win over what the file says.\n${EXAMPLES}`);
  acting<CreateOptions>(registry, command, create);
}

async function create(session: Session, options: CreateOptions): Promise<Ending> {
  const given = options.file === undefined ? {} : await readRequest(options.file, session.shell.stdin);
  const request = requestOf(given, options, session.namespace);
  const api = await session.api();
  const created = await accepted(api, request, options.idempotencyKey ?? randomUUID(), session.shell.signal);
  if (options.wait === true) return waitFor(session, api, created.executionId, options);
  const { resource, executionId } = created;
  print(session, options.output, created, {
    text: () => `${clean(`${resource.namespace}/${resource.name}`)} (${clean(executionId)}): accepted\n`,
    names: () => [executionId],
  });
}

const TRIES = 3;
const BETWEEN_TRIES_MS = 500;

/** Asks until it is known whether it was accepted: with the same key it is accepted once, however often it is sent. */
async function accepted(api: Api, body: CreateRequest, key: string, signal: AbortSignal): Promise<Created> {
  const params = { header: { 'Idempotency-Key': key } };
  for (let tries = 1; ; tries += 1)
    try {
      return await api.ask((client) => client.POST('/v1/executions', { params, body }));
    } catch (error) {
      if (!(error instanceof Failure) || !isPassing(error) || tries === TRIES) throw error;
      await delay(BETWEEN_TRIES_MS * tries, undefined, { signal });
    }
}
