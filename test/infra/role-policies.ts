import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, REGION, readTemplate } from '../../infra/local/template.ts';

/** One call as IAM judges it; `keys` are the partition keys that a call of the table names. */
export type AwsCall = { readonly action: string; readonly resource: string; readonly keys?: readonly string[] };

type Policies = Parameters<typeof runSimulation>[0]['identityPolicies'];

export const TABLE_ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/LicenseService-licenses`;

/** The policies of each function's role as they are deployed, by the function's folder. */
export function rolePolicies(assembly: string): ReadonlyMap<string, Policies> {
  const template = readTemplate(assembly, { 'https://issuer.of.the.local.stack': 'https://issuer.example' });
  const file = readdirSync(assembly).find((name) => name.endsWith('.template.json')) ?? '';
  const { Resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8')) as {
    Resources: Record<string, { Properties: { Roles: { Ref: string }[] }; Metadata: { 'aws:cdk:path': string } }>;
  };
  const policies = new Map<string, Policies[number][]>();
  for (const [logicalId, { Properties }] of template.ofType('AWS::IAM::Policy')) {
    for (const { Ref } of Resources[logicalId]!.Properties.Roles) {
      const owner = Resources[Ref]!.Metadata['aws:cdk:path'].split('/')[1]!;
      policies.set(owner, [...(policies.get(owner) ?? []), { name: logicalId, policy: Properties['PolicyDocument'] }]);
    }
  }
  return policies;
}

/** Returns whether IAM allows the call under these policies. Throws for a call that IAM does not know. */
export async function isAllowed(policies: Policies, { action, resource, keys }: AwsCall): Promise<boolean> {
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/role/session`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: keys === undefined ? {} : { 'dynamodb:LeadingKeys': [...keys] },
      },
      identityPolicies: policies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType !== 'single') throw new Error(`${action} of ${resource}: ${JSON.stringify(answer)}`);
  return answer.overallResult === 'Allowed';
}
