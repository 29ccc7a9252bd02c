import { useReducer, useRef } from "preact/hooks";
import type { FileRef } from "../../../../src/types/file-ref.ts";
import { plainName } from "../text/plain.ts";
import type { Voice } from "../text/texts.ts";
import { fileSize } from "../text/time.ts";
import { type Api, asProblem, type Problem, randomId } from "./api.ts";

/** A file beside the message that is being written. */
export type Upload = {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  readonly done: number;
  readonly file: FileRef | null;
  readonly problem: Problem | null;
  readonly stop: AbortController;
};

export const MAX_FILES = 10;

/** Files are sent as soon as they are chosen, with progress; a removed one stops. */
export function useUploads(api: Api, maxBytes: number | null, voice: Voice) {
  const list = useRef<readonly Upload[]>([]);
  const [, again] = useReducer((n: number) => n + 1, 0);
  const set = (next: readonly Upload[]) => {
    list.current = next;
    again(undefined as never);
  };
  const patch = (key: string, change: Partial<Upload>) =>
    set(list.current.map((each) => (each.key === key ? { ...each, ...change } : each)));

  const begin = async (upload: Upload, source: File) => {
    try {
      const file = await api.upload(source, (done) => patch(upload.key, { done }), upload.stop.signal);
      patch(upload.key, { file, done: 1 });
    } catch (thrown) {
      patch(upload.key, { problem: asProblem(thrown) });
    }
  };

  return {
    list: list.current,
    /** Returns why some were not taken, or null. */
    add(files: Iterable<File>): string | null {
      let refusal: string | null = null;
      for (const source of files) {
        if (list.current.length >= MAX_FILES) {
          refusal = voice.t("tooManyFiles", { n: MAX_FILES });
          break;
        }
        if (maxBytes !== null && source.size > maxBytes) {
          refusal = voice.t("tooLarge", {
            name: plainName(source.name).slice(0, 60),
            size: fileSize(maxBytes, voice),
          });
          continue;
        }
        const stop = new AbortController();
        const upload = {
          key: randomId("fil"),
          name: source.name,
          bytes: source.size,
          done: 0,
          file: null,
          problem: null,
          stop,
        };
        set([...list.current, upload]);
        void begin(upload, source);
      }
      return refusal;
    },
    remove(key: string) {
      list.current.find((each) => each.key === key)?.stop.abort();
      set(list.current.filter((each) => each.key !== key));
    },
    clear: () => set([]),
  };
}
