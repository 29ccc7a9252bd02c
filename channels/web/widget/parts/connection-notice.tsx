import { useEffect, useState } from "preact/hooks";
import type { ConnectionState } from "../state/connection.ts";
import { Icon } from "./icon.tsx";

/** Says when the page is cut off, and what that means. Short drops are not worth a word. */
export function ConnectionNotice({ connection }: { connection: ConnectionState }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (connection === "online") return;
    const timer = setTimeout(() => setLate(true), connection === "offline" ? 0 : 900);
    return () => clearTimeout(timer);
  }, [connection]);
  const words = {
    online: "",
    connecting: "Connecting to Steward",
    reconnecting: "Reconnecting. What you write is kept and sent once Steward is back.",
    offline: "You are offline. What you write is kept and sent when you are back.",
    denied: "You are no longer signed in here. Reload the page to sign in again.",
  }[connection];
  return (
    <div class="connection" role="status">
      {isLate && words !== "" && (
        <p class={connection === "denied" ? "bad" : "waiting"}>
          <Icon name={connection === "denied" ? "ban" : "offline"} />
          {words}
        </p>
      )}
    </div>
  );
}
