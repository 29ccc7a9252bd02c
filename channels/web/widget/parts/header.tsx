import type { Me, Person } from "../state/api.ts";
import { Icon, Mark } from "./icon.tsx";
import { Avatar } from "./person.tsx";

export type PersonaChoice = { readonly people: readonly Person[]; readonly onChoose: (id: string) => void };

type Props = {
  readonly me: Me | null;
  readonly as: string | null;
  readonly personas: PersonaChoice | null;
  readonly onHistory: () => void;
  readonly onNew: () => void;
  readonly onSignOut: (() => void) | null;
};

/** Whom one talks to, and as whom. */
export function Header({ me, as, personas, onHistory, onNew, onSignOut }: Props) {
  const name = me?.principal.name ?? personas?.people.find((person) => person.id === as)?.name ?? "";
  return (
    <header class="top">
      <span class="brand">
        <Mark />
        <strong>Steward</strong>
        <span class="meta">assistant</span>
      </span>
      <span class="actions">
        <button
          type="button"
          class="icon-button"
          aria-label="New conversation"
          title="New conversation"
          onClick={onNew}
        >
          <Icon name="plus" size={20} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Conversations"
          title="Conversations"
          onClick={onHistory}
        >
          <Icon name="history" size={20} />
        </button>
        {personas !== null ? (
          <label class="persona">
            {name !== "" && <Avatar name={name} />}
            <span class="sr">Speak as</span>
            <select value={as ?? ""} onChange={(event) => personas.onChoose(event.currentTarget.value)}>
              {personas.people.map((person) => (
                <option key={person.id} value={person.id}>
                  {person.name}, {person.title}
                </option>
              ))}
            </select>
            <Icon name="down" />
          </label>
        ) : (
          name !== "" && (
            <span class="persona">
              <Avatar name={name} />
              <span class="name">{name}</span>
            </span>
          )
        )}
        {onSignOut !== null && (
          <button
            type="button"
            class="icon-button"
            aria-label="Sign out"
            title="Sign out"
            onClick={onSignOut}
          >
            <Icon name="out" size={20} />
          </button>
        )}
      </span>
    </header>
  );
}
