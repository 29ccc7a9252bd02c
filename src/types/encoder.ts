/** Turns text into unit vectors. */
export type Encoder = {
  readonly name: string;
  readonly dimensions: number;
  encode(texts: readonly string[]): Promise<readonly Float32Array[]>;
};
