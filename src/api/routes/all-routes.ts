import type { Route } from "../route.ts";
import { accountRoutes } from "./accounts.ts";
import { administrationRoutes } from "./administration.ts";
import { approvalRoutes } from "./approvals.ts";
import { conversationRoutes } from "./conversations.ts";
import { documentRoutes } from "./documents.ts";
import { keptConversationRoutes } from "./kept-conversations.ts";
import { operationsRoutes } from "./operations.ts";
import { policyRoutes } from "./policies.ts";
import { siteRoutes } from "./sites.ts";
import { voteRoutes } from "./votes.ts";

export const ALL_ROUTES: readonly Route[] = [
  ...conversationRoutes,
  ...keptConversationRoutes,
  ...approvalRoutes,
  ...documentRoutes,
  ...administrationRoutes,
  ...operationsRoutes,
  ...policyRoutes,
  ...voteRoutes,
  ...accountRoutes,
  ...siteRoutes,
];
