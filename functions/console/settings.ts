/** What `console.json` tells the browser: where people sign in, and where uploads go. */
export type ConsoleSettings = {
  readonly issuer: string;
  /** The origins where the issuer is reached: its own, and those of endpoints that it has elsewhere. */
  readonly providerOrigins: readonly string[];
  readonly clientId: string;
  /** Separated by blanks, as in the request to the provider. */
  readonly scopes: string;
  readonly bucketOrigin: string;
};
