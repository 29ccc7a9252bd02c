import type { Me, Person } from "../state/api.ts";
import { useVoice } from "../text/texts.ts";
import { Icon, Mark } from "./icon.tsx";
import { Avatar } from "./person.tsx";

export type PersonaChoice = { readonly people: readonly Person[]; readonly onChoose: (id: string) => void };

type Props = {
  readonly me: Me | null;
  readonly as: string | null;
  readonly personas: PersonaChoice | null;
  readonly onHistory: () => void;
  readonly onSettings: () => void;
  readonly onNew: () => void;
  readonly onSignOut: (() => void) | null;
  readonly onClose: (() => void) | null;
};

/** Whom one talks to, and as whom. */
export function Header({ me, as, personas, onHistory, onSettings, onNew, onSignOut, onClose }: Props) {
  const { t } = useVoice();
  const name = me?.principal.name ?? personas?.people.find((person) => person.id === as)?.name ?? "";
  return (
    <header class="top">
      <span class="brand">
        <Mark />
        <strong>Steward</strong>
        <span class="meta">{t("assistant")}</span>
      </span>
      <span class="actions">
        <button
          type="button"
          class="icon-button"
          aria-label={t("newConversation")}
          title={t("newConversation")}
          onClick={onNew}
        >
          <Icon name="plus" size={20} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={t("conversations")}
          title={t("conversations")}
          onClick={onHistory}
        >
          <Icon name="history" size={20} />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={t("settings")}
          title={t("settings")}
          onClick={onSettings}
        >
          <Icon name="settings" size={20} />
        </button>
        {personas !== null ? (
          <label class="persona">
            {name !== "" && <Avatar name={name} />}
            <span class="sr">{t("speakAs")}</span>
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
            aria-label={t("signOut")}
            title={t("signOut")}
            onClick={onSignOut}
          >
            <Icon name="out" size={20} />
          </button>
        )}
        {onClose !== null && (
          <button
            type="button"
            class="icon-button"
            aria-label={t("close")}
            title={t("close")}
            onClick={onClose}
          >
            <Icon name="x" size={20} />
          </button>
        )}
      </span>
    </header>
  );
}
