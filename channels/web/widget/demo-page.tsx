import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { ChatHost } from "./chat-host.tsx";
import { Mark } from "./parts/icon.tsx";
import { Avatar } from "./parts/person.tsx";
import { ProblemNote } from "./parts/problem.tsx";
import { asProblem, createApi, type Person, type Problem } from "./state/api.ts";
import { ThemeToggle } from "./theme.tsx";

const SIDES = ["left", "right"] as const;
type Side = (typeof SIDES)[number];
type Chosen = Readonly<Record<Side, string>>;

/** Two people side by side, so that one newcomer can see a request cross from one to the other. */
export function DemoPage({ data }: { data: DOMStringMap }) {
  const [people, setPeople] = useState<readonly Person[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [tab, setTab] = useState<Side>("left");
  const isNarrow = useIsNarrow();

  const load = () => {
    setProblem(null);
    createApi(null)
      .people()
      .then(
        (answer) => {
          setPeople(answer.people);
          setChosen(firstChoice(answer.people, data));
        },
        (thrown) => setProblem(asProblem(thrown)),
      );
  };
  useEffect(load, []);

  const choose = (side: Side, id: string) => {
    if (chosen === null) return;
    const next = { ...chosen, [side]: id };
    setChosen(next);
    // The address keeps the choice, so that a reload or a shared link shows the same two.
    history.replaceState(null, "", `?${new URLSearchParams(next)}`);
  };

  return (
    <div class="page">
      <header class="strip">
        <span class="brand">
          <Mark />
          <h1>Steward</h1>
        </span>
        <p>
          A demo with made-up people
          <span class="more">: ask on one side, and see what needs approval reach the other</span>.
        </p>
        <ThemeToggle />
      </header>
      {problem !== null && (
        <ProblemNote problem={problem}>
          <p>
            <button type="button" class="button" onClick={load}>
              Try again
            </button>
          </p>
        </ProblemNote>
      )}
      {people !== null && chosen !== null && (
        <Panes
          people={people}
          chosen={chosen}
          tab={tab}
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
  isNarrow: boolean;
  onTab: (side: Side) => void;
  onChoose: (side: Side, id: string) => void;
};

function Panes({ people, chosen, tab, isNarrow, onTab, onChoose }: PanesProps) {
  const [waiting, setWaiting] = useState<Readonly<Record<Side, number>>>({ left: 0, right: 0 });
  const onLeft = useCallback((count: number) => setWaiting((before) => ({ ...before, left: count })), []);
  const onRight = useCallback((count: number) => setWaiting((before) => ({ ...before, right: count })), []);
  const options = useMemo(
    () =>
      Object.fromEntries(
        SIDES.map((side) => [
          side,
          {
            identity: { as: chosen[side] },
            personas: { people, onChoose: (id: string) => onChoose(side, id) },
            onSignOut: null,
            onWaiting: side === "left" ? onLeft : onRight,
          },
        ]),
      ) as unknown as Record<Side, Parameters<typeof ChatHost>[0]["options"]>,
    [chosen, people],
  );
  const nameOf = (side: Side) => people.find((person) => person.id === chosen[side])?.name ?? "";
  const total = waiting.left + waiting.right;
  useEffect(() => {
    document.title = total > 0 ? `(${total}) Steward` : "Steward";
  }, [total]);

  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = tab === "left" ? "right" : "left";
    onTab(other);
    document.getElementById(`tab-${other}`)?.focus();
  };
  return (
    <main class="panes">
      {isNarrow && (
        <div class="tabs" role="tablist" aria-label="Personas">
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
                  {waiting[side]}
                  <span class="sr"> waiting</span>
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
            : { "aria-label": `Chat of ${nameOf(side)}` })}
        >
          <ChatHost id={chosen[side]} options={options[side]} />
        </section>
      ))}
    </main>
  );
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
