import { readTableItems } from './table-items.ts';

const [key, ...others] = process.argv.slice(2);

/** Prints items of the running local stack's table as JSON: `npm run -s table -- 'U#acme#ada'`. */
try {
  if (key === undefined || others.length > 0) throw new Error("Usage: npm run -s table -- 'L#acme#F1001'");
  const items = await readTableItems(process.env['LOCAL_DIR'] ?? '.local', key);
  if (items.length === 0) console.error(`No item has a partition key that is or begins with ${key}.`);
  console.log(JSON.stringify(items, undefined, 2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
