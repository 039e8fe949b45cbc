/** Answers what the body of the request says, as it is. */
export const handler = async ({ body }) => {
  const { answer, fail } = JSON.parse(body);
  if (fail) throw new Error(fail);
  return answer;
};
