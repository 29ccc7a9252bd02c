/** An uploaded file as it is named everywhere but in the store. */
export type FileRef = {
  readonly id: string;
  readonly name: string;
  /** Media type found by looking at the content, never the one claimed. */
  readonly mediaType: string;
  readonly bytes: number;
};

export type StoredFile = FileRef & { readonly owner: string; readonly content: Uint8Array };

/** Reads of files for tools; a file of another person is null. */
export type Files = { read(id: string, reader: string): Promise<StoredFile | null> };
