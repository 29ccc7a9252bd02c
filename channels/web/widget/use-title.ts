import { useEffect } from "preact/hooks";

/** The page's title with a count before it. */
export function useTitle(count: number): void {
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Steward` : "Steward";
    return () => {
      document.title = "Steward";
    };
  }, [count]);
}
