import { useEffect, useMemo, useState } from "preact/hooks";
import { beginWith, followAddress, takeAddress } from "./address.ts";
import { ChatHost } from "./chat-host.tsx";
import { Mark } from "./parts/icon.tsx";
import type { Open } from "./parts/open-panel.tsx";
import { Avatar } from "./parts/person.tsx";
import { ProblemNote } from "./parts/problem.tsx";
import { asProblem, createApi, type Person, type Problem } from "./state/api.ts";
import { useVoice } from "./text/texts.ts";
import { ThemeToggle } from "./theme.tsx";
import { useTitle } from "./use-title.ts";

const SIDES = ["left", "right"] as const;
type Side = (typeof SIDES)[number];
type Chosen = Readonly<Record<Side, string>>;

type Props = { readonly data: DOMStringMap; readonly language: string | undefined };

/** Two people side by side, so that one newcomer can see a request cross from one to the other. */
export function DemoPage({ data, language }: Props) {
  const { t } = useVoice();
  const [people, setPeople] = useState<readonly Person[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [tab, setTab] = useState<Side>("left");
  const [opened, setOpened] = useState<Open | null>(null);
  const isNarrow = useIsNarrow();

  const load = () => {
    setProblem(null);
    createApi(null)
      .call<{ people: Person[] }>("GET", "/api/people")
      .then(
        async (answer) => {
          const first = firstChoice(answer.people, data);
          const address = await followAddress(takeAddress(), createApi({ as: first.left }));
          beginWith(address.session, first.left);
          setOpened(address.first);
          setPeople(answer.people);
          setChosen(first);
        },
        (thrown) => setProblem(asProblem(thrown)),
      );
  };
  useEffect(load, []);

  const choose = (side: Side, id: string) => {
    if (chosen === null) return;
    const next = { ...chosen, [side]: id };
    setChosen(next);
    // It was opened for whom the address was opened by.
    if (side === "left") setOpened(null);
    // The address keeps the choice, so that a reload or a shared link shows the same two.
    const address = new URLSearchParams(location.search);
    for (const each of SIDES) address.set(each, next[each]);
    history.replaceState(null, "", `?${address}`);
  };

  return (
    <div class="page">
      <header class="strip">
        <span class="brand">
          <Mark />
          <h1>Steward</h1>
        </span>
        <p>
          {t("demoPeople")}
          <span class="more">{t("demoMore")}</span>.
        </p>
        <ThemeToggle />
      </header>
      {problem !== null && (
        <ProblemNote problem={problem}>
          <p>
            <button type="button" class="button" onClick={load}>
              {t("tryAgain")}
            </button>
          </p>
        </ProblemNote>
      )}
      {people !== null && chosen !== null && (
        <Panes
          people={people}
          chosen={chosen}
          tab={tab}
          opened={opened}
          language={language}
          isNarrow={isNarrow}
          onTab={setTab}
          onChoose={choose}
        />
      )}
    </div>
  );
}

type PanesProps = {
  people: readonly Person[];
  chosen: Chosen;
  tab: Side;
  /** What the address asks for: shown on the left. */
  opened: Open | null;
  language: string | undefined;
  isNarrow: boolean;
  onTab: (side: Side) => void;
  onChoose: (side: Side, id: string) => void;
};

function Panes({ people, chosen, tab, opened, language, isNarrow, onTab, onChoose }: PanesProps) {
  const { t } = useVoice();
  const [waiting, onWaiting] = useCounts();
  const [unread, onUnread] = useCounts();
  const options = useMemo(
    () =>
      Object.fromEntries(
        SIDES.map((side) => [
          side,
          {
            identity: { as: chosen[side] },
            personas: { people, onChoose: (id: string) => onChoose(side, id) },
            onSignOut: null,
            onWaiting: onWaiting[side],
            onUnread: onUnread[side],
            first: side === "left" ? opened : null,
            language,
          },
        ]),
      ) as unknown as Record<Side, Parameters<typeof ChatHost>[0]["options"]>,
    [chosen, people, opened, language],
  );
  const nameOf = (side: Side) => people.find((person) => person.id === chosen[side])?.name ?? "";
  useTitle(waiting.left + waiting.right + unread.left + unread.right);

  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = tab === "left" ? "right" : "left";
    onTab(other);
    document.getElementById(`tab-${other}`)?.focus();
  };
  return (
    <main class="panes">
      {isNarrow && (
        <div class="tabs" role="tablist" aria-label={t("personas")}>
          {SIDES.map((side) => (
            <button
              key={side}
              type="button"
              role="tab"
              id={`tab-${side}`}
              aria-controls={`pane-${side}`}
              aria-selected={tab === side}
              tabIndex={tab === side ? 0 : -1}
              onClick={() => onTab(side)}
              onKeyDown={onKey}
            >
              <Avatar name={nameOf(side)} />
              <span>{nameOf(side)}</span>
              {waiting[side] > 0 && (
                <span class="count on">
                  <span aria-hidden="true">{waiting[side]}</span>
                  <span class="sr">{t("countWaiting", { n: waiting[side] })}</span>
                </span>
              )}
            </button>
          ))}
        </div>
      )}
      {SIDES.map((side) => (
        <section
          key={side}
          class="pane"
          id={`pane-${side}`}
          hidden={isNarrow && tab !== side}
          {...(isNarrow
            ? { role: "tabpanel", "aria-labelledby": `tab-${side}` }
            : { "aria-label": t("chatOf", { name: nameOf(side) }) })}
        >
          <ChatHost id={chosen[side]} options={options[side]} />
        </section>
      ))}
    </main>
  );
}

type Tell = (count: number) => void;

/** A count for each side, and what tells it. */
function useCounts(): [Readonly<Record<Side, number>>, Readonly<Record<Side, Tell>>] {
  const [counts, setCounts] = useState<Readonly<Record<Side, number>>>({ left: 0, right: 0 });
  const tell = useMemo(() => {
    const of = (side: Side) => (count: number) => setCounts((before) => ({ ...before, [side]: count }));
    return { left: of("left"), right: of("right") };
  }, []);
  return [counts, tell];
}

/** Whom to show first: the address says, else the server, else two people of different standing. */
function firstChoice(people: readonly Person[], data: DOMStringMap): Chosen {
  const asked = new URLSearchParams(location.search);
  const known = (id: string | null | undefined) =>
    people.some((person) => person.id === id) ? (id as string) : null;
  const byGroups = [...people].sort((a, b) => a.groups.length - b.groups.length);
  return {
    left: known(asked.get("left")) ?? known(data.left) ?? byGroups[0]?.id ?? "",
    right: known(asked.get("right")) ?? known(data.right) ?? byGroups.at(-1)?.id ?? "",
  };
}

function useIsNarrow(): boolean {
  const [query] = useState(() => matchMedia("(max-width: 899px)"));
  const [isNarrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const listen = () => setNarrow(query.matches);
    query.addEventListener("change", listen);
    return () => query.removeEventListener("change", listen);
  }, [query]);
  return isNarrow;
}
