import { useEffect, useState } from "preact/hooks";
import type { ConnectionState } from "../state/connection.ts";
import { useVoice } from "../text/texts.ts";
import { Icon } from "./icon.tsx";

/** Says when the page is cut off, and what that means. Short drops are not worth a word. */
export function ConnectionNotice({ connection }: { connection: ConnectionState }) {
  const { t } = useVoice();
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (connection === "online") return;
    const timer = setTimeout(() => setLate(true), connection === "offline" ? 0 : 900);
    return () => clearTimeout(timer);
  }, [connection]);
  return (
    <div class="connection" role="status">
      {isLate && connection !== "online" && (
        <p class={connection === "denied" ? "bad" : "waiting"}>
          <Icon name={connection === "denied" ? "ban" : "offline"} />
          {t(connection)}
        </p>
      )}
    </div>
  );
}
