import { buildSync } from 'esbuild';

/**
 * How each action looks in the code that goes through the one seam to the table (`shared/platform/ports/table.ts`) or
 * to objects.
 */
const CALLS: Readonly<Record<string, RegExp>> = {
  'dynamodb:GetItem': /\btable\d*\.(get|getAtOnce)\(/,
  'dynamodb:BatchGetItem': /\btable\d*\.getMany\(/,
  'dynamodb:Query': /\btable\d*\.query\(/,
  'dynamodb:PutItem': /\{ put\b|\bput: (?!async|\(|put\b)/,
  'dynamodb:UpdateItem': /\bupdate: /,
  'dynamodb:DeleteItem': /\bdelete: /,
  'dynamodb:ConditionCheckItem': /\bcheck: /,
  's3:GetObject': /\bobjects\d*\.(head|get)\(/,
  's3:PutObject': /\bobjects\d*\.put\(/,
};
/** An index that is asked for, and not merely described. */
const INDEX = /(?<!indexes\[)"(by-(?:tenant|folder|expiry|idle-deadline))"(?!:)/g;

/**
 * The calls that each function's own code makes, read from the code itself as it is bundled: only what is reachable
 * from the handler is in there. The rules are pure and call nothing; the adapters in `shared/aws` offer everything.
 */
export function callsInCode(names: readonly string[]): Map<string, { actions: string[]; indexes: string[] }> {
  const { outputFiles } = buildSync({
    entryPoints: names.map((name) => ({ in: `functions/${name}/handler.ts`, out: name })),
    bundle: true,
    write: false,
    outdir: 'none',
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    packages: 'external',
  });
  return new Map(
    outputFiles.map(({ text }, position) => {
      const code = text
        .split(/^(?=\/\/ \S+\.ts$)/m)
        .filter((module) => !/^\/\/ shared\/(licensing|license-file|aws|store\/table)/.test(module))
        .join('');
      const actions = Object.entries(CALLS).flatMap(([action, call]) => (call.test(code) ? [action] : []));
      return [
        names[position]!,
        { actions, indexes: [...new Set([...code.matchAll(INDEX)].map(([, index]) => index!))] },
      ];
    }),
  );
}
