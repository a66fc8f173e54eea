// A placeholder until `chalkbell schema` writes this file from the contracts.

export interface Procedures {
  [uri: `${string}.v1.events.heads`]: { ask: { scopes?: string[] }; answer: { epoch: string; heads: Record<string, number> } };
}
export interface Topics {}
