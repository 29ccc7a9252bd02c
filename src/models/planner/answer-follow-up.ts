import type { AnyTool } from "../../types/tool.ts";
import { contentStems } from "../words.ts";
import { answerFromPassages } from "./answer-from-passages.ts";
import { DOCUMENTS } from "./built-in-intents.ts";
import type { PlannerInput } from "./call-or-ask.ts";
import type { PlannerStep } from "./offline-planner.ts";
import { findPeople } from "./people.ts";

const GOES_ON =
  /^\s*(?:(?:ok|okay|so|but|hm+)[\s,]+)*(?:and(?: what about)?|what about|how about|or|what of|what if)\b[\s,]*/i;
const MOST_WORDS = 7;
/** A tool that is surer than this is meant itself ("and what's on today?"). */
const SURE_OF_TOOL = 0.8;
const SURE_ANSWER = 0.5;
/** A name inside a question: what the follow-up puts another one in the place of. */
const NAME = /(?<=[\p{Ll}\d,]\s)\p{Lu}[\p{L}\p{N}-]*(?:\s+\p{Lu}[\p{L}\p{N}-]*)*/gu;

/**
 * "And Curie?", "and for Tom?" after an answer from the documents asks the same of something else. Null when the last
 * answer was none from the documents, or this message is a request of its own.
 */
export async function answerFollowUp(
  { request, conversation, ranker }: PlannerInput,
  text: string,
  tool: AnyTool | null,
  sure: number,
): Promise<PlannerStep | null> {
  const { state } = conversation;
  const lead = GOES_ON.exec(text);
  if (state.last?.tool !== DOCUMENTS || !lead) return null;
  const rest = text.slice(lead[0].length).trim();
  if (rest === "" || rest.split(/\s+/).length > MOST_WORDS) return null;
  const people = findPeople(rest, request.directory, request.principal);
  const [person] = people.flatMap((p) => (p.how === "name" && p.people.length === 1 ? p.people : []));
  const isBare = rest.split(/\s+/).length <= 3;
  if (tool && sure > SURE_OF_TOOL && !isBare) return null;
  const before = /\p{Lu}/u.test(rest) ? state.last.text.replace(NAME, " ") : state.last.text;
  const isOwn =
    /^(?:who|what|when|where|which|how|why|do|does|is|are|can|may|must)\b/i.test(rest) &&
    contentStems(rest).length >= 2;
  const question = isOwn ? rest : person ? state.last.text : `${before.replace(/[?.!\s]+$/, "")} ${rest}`;
  const answer = await answerFromPassages(
    question,
    request.passages,
    ranker.encode,
    person ?? request.principal,
  );
  if (!answer || answer.confidence < SURE_ANSWER) return null;
  return {
    text: answer.text,
    calls: [],
    citations: answer.citations,
    state: { ...state, last: { ...state.last, text: question.slice(0, 500) } },
  };
}
