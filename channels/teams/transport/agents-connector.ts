import type { ConnectorClient } from "@microsoft/agents-hosting";
import type { ConversationRef } from "./activity.ts";
import {
  ConnectorFailure,
  type ConnectorOptions,
  type ConnectorPort,
  type WireActivity,
} from "./connector-port.ts";

/** The connector of the Microsoft 365 Agents SDK (agents-hosting 1.8), loaded when this is called. */
export async function createAgentsConnector(options: ConnectorOptions): Promise<ConnectorPort> {
  const sdk = await import("@microsoft/agents-hosting");
  const { ConnectorClient, HttpClient, HttpError, MessageFactory, UserTokenClient } = sdk;
  /** Its connector takes only activities of its own class, which this is its way to make. */
  const asActivity = (wire: WireActivity) =>
    Object.assign(MessageFactory.text(""), { text: undefined, inputHint: undefined }, wire);

  /** Its client has no limit of time and its errors are its own. */
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new ConnectorFailure(null, null, null, { cause: new Error("timeout") })),
      options.timeoutMs,
    );
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      if (error instanceof HttpError) {
        throw new ConnectorFailure(
          error.status,
          error.response.data,
          error.response.headers.get("retry-after"),
        );
      }
      if (error instanceof ConnectorFailure) throw error;
      if (isNetworkError(error)) throw new ConnectorFailure(null, null, null, { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  const client = async (serviceUrl: string): Promise<ConnectorClient> =>
    ConnectorClient.createClientWithToken(serviceUrl, (await options.token()) ?? "");
  // It puts ids into paths as they are.
  const place = (ref: ConversationRef) => encodeURIComponent(ref.conversation.id);

  return {
    async send(ref, activity) {
      const connector = await client(ref.serviceUrl);
      const wire = asActivity(activity);
      return call(() =>
        typeof activity.replyToId === "string"
          ? connector.replyToActivity(place(ref), activity.replyToId, wire)
          : connector.sendToConversation(place(ref), wire),
      );
    },
    async update(ref, id, activity) {
      const connector = await client(ref.serviceUrl);
      const wire = asActivity({ ...activity, id });
      return call(() => connector.updateActivity(place(ref), encodeURIComponent(id), wire));
    },
    async remove(ref, id) {
      const connector = await client(ref.serviceUrl);
      await call(() => connector.deleteActivity(place(ref), encodeURIComponent(id)));
    },
    async createConversation(serviceUrl, start) {
      const { httpClient } = await client(serviceUrl);
      // Not its createConversation: that one wants a first message.
      const answer = await call(() =>
        httpClient.request({ method: "post", url: "/v3/conversations", data: start }),
      );
      return answer.data;
    },
    async membersPage(ref, continuation) {
      const { httpClient } = await client(ref.serviceUrl);
      const params = {
        pageSize: "500",
        ...(continuation === null ? {} : { continuationToken: continuation }),
      };
      const url = `/v3/conversations/${place(ref)}/pagedmembers`;
      return (await call(() => httpClient.request({ method: "get", url, params }))).data;
    },
    async member(ref, user) {
      const connector = await client(ref.serviceUrl);
      return call(() => connector.getConversationMember(encodeURIComponent(user), place(ref)));
    },
    async exchangeToken(user, connection, token) {
      const own = await options.token();
      const tokens = new UserTokenClient(
        new HttpClient({ baseURL: options.endpoints.oauth, headers: { accept: "application/json" } }),
      );
      if (own !== null) tokens.updateAuthToken(own);
      return call(() => tokens.exchangeTokenAsync(user, connection, "msteams", { token }));
    },
  };
}

/** What `fetch` throws when nobody answers. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError");
}
