import { render } from "preact";
import { useState } from "preact/hooks";
import { ChatHost } from "./chat-host.tsx";
import { DemoPage } from "./demo-page.tsx";
import { chatSheet } from "./mount.tsx";
import { Mark } from "./parts/icon.tsx";
import { ProblemNote } from "./parts/problem.tsx";
import { asProblem, createApi, type Problem } from "./state/api.ts";
import { ThemeToggle } from "./theme.tsx";

const TOKEN = "steward.token";

function TokenPage() {
  const [token, setToken] = useState(() => sessionStorage.getItem(TOKEN) ?? "");
  const signOut = () => {
    sessionStorage.removeItem(TOKEN);
    setToken("");
  };
  if (token === "") {
    return (
      <SignIn
        onToken={(given) => {
          sessionStorage.setItem(TOKEN, given);
          setToken(given);
        }}
      />
    );
  }
  return (
    <main class="full">
      <h1 class="sr">Steward</h1>
      <ChatHost id={token} options={{ identity: { token }, personas: null, onSignOut: signOut }} />
    </main>
  );
}

function SignIn({ onToken }: { onToken: (token: string) => void }) {
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await createApi({ token: text.trim() }).me();
      onToken(text.trim());
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setBusy(false);
    }
  };
  return (
    <main class="signin">
      <form onSubmit={submit}>
        <Mark size={32} />
        <h1>Sign in to Steward</h1>
        <p>
          Paste the token that an administrator made for you. It stays in this tab and is forgotten when you
          close it.
        </p>
        <label>
          <span>Token</span>
          <input
            type="password"
            autocomplete="off"
            required
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        {problem !== null && <ProblemNote problem={problem} />}
        <button type="submit" class="button primary" disabled={isBusy || text.trim() === ""}>
          {isBusy ? "Signing in" : "Sign in"}
        </button>
      </form>
      <ThemeToggle />
    </main>
  );
}

document.adoptedStyleSheets = [chatSheet()];
const root = document.getElementById("steward");
if (root !== null)
  render(root.dataset.mode === "demo" ? <DemoPage data={root.dataset} /> : <TokenPage />, root);
