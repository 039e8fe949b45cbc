import { aSearchWorld, costOfFolder, costOfStatus, SEARCHES } from '../fakes/question-costs.ts';

/* What questions of the API cost at two sizes, in calls to the table. They are counts, the same on every machine. */

const SIZES = [1_000, 100_000];
const ROWS = [1_000, 20_000];

export async function benchQuestions(): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  const note = (question: string, size: number, calls: number): void => {
    console.log(JSON.stringify({ bench: 'questions', question, size, calls }));
    rows.push({ question, size, calls });
  };
  for (const size of ROWS) note('status of a renewal, by rows (2)', size, (await costOfStatus(size)).calls);
  for (const size of SIZES) {
    const { calls } = await costOfFolder({ people: 100, licenses: size });
    note('explanation of a folder with 100 people, by licenses (bounded)', size, calls);
  }
  for (const size of SIZES) {
    const { calls } = await costOfFolder({ people: size, licenses: size / 2 });
    note('explanation of a folder, by people (linear)', size, calls);
  }
  for (const size of SIZES) {
    const costOfSearch = await aSearchWorld(size);
    for (const [what, search] of Object.entries(SEARCHES)) {
      const { calls, units, found } = await costOfSearch(search);
      note(`search for people: ${what} (${found} found, ${units} read units)`, size, calls);
    }
  }
  console.table(rows);
}
