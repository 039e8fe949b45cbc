import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';

const client = new SSMClient();

/** The text of a parameter, a SecureString decrypted; undefined when there is none of that name. */
export async function readParameter(name: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }))).Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
