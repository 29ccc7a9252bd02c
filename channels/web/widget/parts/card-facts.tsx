import type { CardArgument, CardItem } from "../../../../src/types/card.ts";
import { useVoice } from "../text/texts.ts";
import { Icon } from "./icon.tsx";

/** Before and after of what changes, and every value that did not come from the requester with its origin. */
export function CardFacts({ item }: { item: CardItem }) {
  const { t, say } = useVoice();
  const isShown = new Set<string>();
  const markOf = (field: string, after: string): CardArgument | undefined => {
    const argument = item.arguments.find(
      (each) => each.label === field || each.name === field || each.text === after,
    );
    if (argument !== undefined) isShown.add(argument.name);
    return argument;
  };
  const changes = item.changes.map((change) => ({ change, argument: markOf(change.field, change.after) }));
  // With nothing to compare, every argument is worth a line; else only those that others brought in.
  const rest = item.arguments.filter(
    (argument) =>
      !isShown.has(argument.name) &&
      (changes.length === 0 || argument.origin !== null || !argument.isGrounded),
  );
  if (changes.length === 0 && rest.length === 0) return null;
  return (
    <dl class="facts">
      {changes.map(({ change, argument }) => (
        <div key={change.field}>
          <dt>{say(change.field)}</dt>
          <dd>
            {change.before !== null && change.before !== "" && (
              <>
                <span class="sr">{t("from")} </span>
                <s>
                  <bdi>{change.before}</bdi>
                </s>
                <Icon name="arrow" />
                <span class="sr"> {t("to")} </span>
              </>
            )}
            <b>
              <bdi>{change.after}</bdi>
            </b>
            {argument && <Origin argument={argument} />}
          </dd>
        </div>
      ))}
      {rest.map((argument) => (
        <div key={argument.name}>
          <dt>{say(argument.label)}</dt>
          <dd>
            <b>
              <bdi>{argument.text}</bdi>
            </b>
            <Origin argument={argument} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Where a value comes from; red and in words when it is from outside and unverified. */
function Origin({ argument }: { argument: CardArgument }) {
  const { t, say } = useVoice();
  if (argument.origin === null && argument.isGrounded) return null;
  const isDoubtful = !argument.isGrounded && argument.integrity === "external";
  return (
    <span class={`tag ${isDoubtful ? "bad" : argument.isGrounded ? "info" : "waiting"}`}>
      <Icon name={isDoubtful ? "alert" : argument.isGrounded ? "info" : "question"} />
      <span>
        {argument.origin ? say(argument.origin) : t("originUnknown")}
        {!argument.isGrounded && t(isDoubtful ? "outsideUnverified" : "unverified")}
      </span>
    </span>
  );
}
