import { bindTool } from "../../src/types/bind-tool.ts";
import type { AnyTool } from "../../src/types/tool.ts";
import { findPeopleTool } from "./find-people.ts";

/** The tools of the directory. */
export const peopleTools: readonly AnyTool[] = [bindTool(findPeopleTool)];
