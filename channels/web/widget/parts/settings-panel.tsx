import { useRef, useState } from "preact/hooks";
import type { Chat } from "../state/chat.ts";
import { panelApi } from "../state/panel-api.ts";
import { recall, remember } from "../state/remembered.ts";
import { LANGUAGES, useVoice } from "../text/texts.ts";
import { moment } from "../text/time.ts";
import { retell, useDeed } from "./hooks.ts";
import { Panel } from "./panel.tsx";
import { useLoaded } from "./panel-hooks.ts";
import { ProblemNote } from "./problem.tsx";

/** What a person chooses for this browser: language, sound, notices. All of it is off until then. */
export function SettingsPanel({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const { t, language } = useVoice();
  const [sound, setSound] = useState(recall("sound") === "on");
  const [notify, setNotify] = useState(recall("notify") === "on" && permission() === "granted");
  const [isDenied, setDenied] = useState(false);
  const keep = (key: string, isOn: boolean) => remember(key, isOn ? "on" : null);
  const askToNotify = async (isWished: boolean) => {
    // Asked only here, on a click: a browser that is asked at once says no for ever.
    const isGranted =
      isWished && permission() !== null && (await Notification.requestPermission()) === "granted";
    setNotify(isGranted);
    setDenied(isWished && !isGranted);
    keep("notify", isGranted);
  };
  return (
    <Panel title={t("settings")} onClose={onClose}>
      <div class="form flat">
        <label>
          <span>{t("language")}</span>
          <select
            value={recall("language") ?? ""}
            onChange={(event) => {
              remember("language", event.currentTarget.value || null);
              retell();
            }}
          >
            <option value="">{t("asOnThisPage")}</option>
            {LANGUAGES.map((each) => (
              <option key={each} value={each} lang={each}>
                {nameOf(each, language)}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={sound}
            onChange={(event) => {
              setSound(event.currentTarget.checked);
              keep("sound", event.currentTarget.checked);
            }}
          />
          <span>{t("sound")}</span>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={notify}
            onChange={(event) => void askToNotify(event.currentTarget.checked)}
          />
          <span>{t("notify")}</span>
        </label>
        <p class="meta" role="status">
          {isDenied && t("notifyDenied")}
        </p>
        <p class="meta">{t("keptHere")}</p>
      </div>
      <StandingYeses chat={chat} />
    </Panel>
  );
}

/** The yeses that this person gave for a while, each of which can be taken back. */
function StandingYeses({ chat }: { chat: Chat }) {
  const voice = useVoice();
  const { t } = voice;
  const [version, setVersion] = useState(0);
  const { value } = useLoaded(() => panelApi(chat.api).grants(), [version]);
  const { problem, run } = useDeed();
  const title = useRef<HTMLHeadingElement>(null);
  const me = chat.state().me?.principal.id;
  const mine = value?.grants.filter((grant) => grant.granter.id === me) ?? [];
  if (mine.length === 0 && version === 0) return null;
  const takeBack = async (grant: string) => {
    if (!(await run(() => panelApi(chat.api).revokeGrant(grant)))) return;
    setVersion(version + 1);
    title.current?.focus();
  };
  return (
    <section class="passage">
      <h3 ref={title} tabIndex={-1}>
        {t("standingYeses")} ({mine.length})
      </h3>
      <ul class="led">
        {mine.map((grant) => (
          <li key={grant.id}>
            <bdi>{grant.line}</bdi>{" "}
            <span class="meta">
              {t("standingFor", {
                name: grant.requester.name,
                time: moment(new Date(grant.until), voice, new Date()),
              })}
            </span>{" "}
            <button type="button" class="button" onClick={() => void takeBack(grant.id)}>
              {t("takeBack")}
            </button>
          </li>
        ))}
      </ul>
      {problem !== null && <ProblemNote problem={problem} />}
    </section>
  );
}

const permission = (): NotificationPermission | null =>
  "Notification" in globalThis ? Notification.permission : null;

/** "Deutsch": a language in its own words. */
function nameOf(language: string, fallback: string): string {
  try {
    const name = new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return `${language} ${fallback}`;
  }
}
