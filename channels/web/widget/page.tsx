import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Address, beginWith, followAddress, takeAddress } from "./address.ts";
import { ChatHost } from "./chat-host.tsx";
import { chatSheet } from "./chat-sheet.ts";
import type { DemoPage } from "./demo-page.tsx";
import { sizeToKeyboard } from "./embed-keyboard.ts";
import { useVoiceOf } from "./parts/hooks.ts";
import { Mark } from "./parts/icon.tsx";
import { ProblemNote } from "./parts/problem.tsx";
import { asProblem, createApi, type Problem } from "./state/api.ts";
import { forgetUnsent } from "./state/kept.ts";
import { addEnglish, useVoice, VoiceContext } from "./text/texts.ts";
import later from "./texts/en.later.json" with { type: "json" };
import { ThemeToggle } from "./theme.tsx";
import { useTitle } from "./use-title.ts";

const TOKEN = "steward.token";

function TokenPage({ language }: { language: string | undefined }) {
  const [token, setToken] = useState(() => sessionStorage.getItem(TOKEN) ?? "");
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
  const signOut = () => {
    sessionStorage.removeItem(TOKEN);
    forgetUnsent();
    setToken("");
  };
  return <FullPage key={token} token={token} language={language} onSignOut={signOut} />;
}

type FullProps = { token: string; language: string | undefined; onSignOut: () => void };

/** The chat of whoever is signed in, at what the address asks for. */
function FullPage({ token, language, onSignOut }: FullProps) {
  const [waiting, setWaiting] = useState(0);
  const [unread, setUnread] = useState(0);
  const [address, setAddress] = useState<Address | null>(null);
  useEffect(() => {
    void followAddress(takeAddress(), createApi({ token })).then((found) => {
      beginWith(found.session, "me");
      setAddress(found);
    });
  }, []);
  useTitle(waiting + unread);
  const options = useMemo(
    () => ({
      identity: { token },
      personas: null,
      onSignOut,
      onWaiting: setWaiting,
      onUnread: setUnread,
      first: address?.first ?? null,
      language,
    }),
    [token, language, address],
  );
  return (
    <main class="full">
      <h1 class="sr">Steward</h1>
      {address !== null && <ChatHost id={token} options={options} />}
    </main>
  );
}

function SignIn({ onToken }: { onToken: (token: string) => void }) {
  const { t } = useVoice();
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
        <h1>{t("signInTo")}</h1>
        <p>{t("pasteToken")}</p>
        <label>
          <span>{t("token")}</span>
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
          {t(isBusy ? "signingIn" : "signIn")}
        </button>
      </form>
      <ThemeToggle />
    </main>
  );
}

/** The page in the language it was asked for in, its title counting what waits. */
function Page({ data, demo: Demo }: { data: DOMStringMap; demo: typeof DemoPage | null }) {
  const language = new URLSearchParams(location.search).get("language") ?? data.language;
  const voice = useVoiceOf(null, language);
  useEffect(() => {
    document.documentElement.lang = voice.language;
    document.documentElement.dir = voice.dir;
  }, [voice]);
  return (
    <VoiceContext.Provider value={voice}>
      {Demo ? <Demo data={data} language={language} /> : <TokenPage language={language} />}
    </VoiceContext.Provider>
  );
}

addEnglish(later);
document.adoptedStyleSheets = [chatSheet()];
const root = document.getElementById("steward");
if (root !== null) {
  sizeToKeyboard(root);
  const { dataset } = root;
  const show = (demo: typeof DemoPage | null) => render(<Page data={dataset} demo={demo} />, root);
  if (dataset.mode !== "demo") show(null);
  else import("./demo-page.tsx").then(({ DemoPage: demo }) => show(demo));
}
