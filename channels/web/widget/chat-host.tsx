import { useEffect, useRef } from "preact/hooks";
import { type MountedChat, type MountOptions, mountChat } from "./mount.tsx";

/** A chat as part of the page's own tree; another identity makes another chat. */
export function ChatHost({ options, id }: { options: MountOptions; id: string }) {
  const host = useRef<HTMLDivElement>(null);
  const mounted = useRef<MountedChat | null>(null);
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    if (host.current === null) return;
    mounted.current = mountChat(host.current, latest.current);
    return () => mounted.current?.unmount();
  }, [id]);
  useEffect(() => {
    const { identity: _identity, base: _base, ...rest } = options;
    mounted.current?.update(rest);
  }, [options]);
  return <div class="host" ref={host} />;
}
