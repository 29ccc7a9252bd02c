import { AsyncLocalStorage } from "node:async_hooks";
import type {
  Activity,
  CloudAdapter,
  ConfigurationServiceClientCredentialFactory,
  ConversationReference,
  TurnContext,
} from "botbuilder";
import { ConnectorFailure, type ConnectorOptions, type ConnectorPort } from "./connector-port.ts";
import { fetchBounded } from "./fetch-json.ts";

const MAX_ANSWER_BYTES = 8 * 1_048_576;

/** The calls of the SDK's connector that are used; the SDK keeps its own type out of its front door. */
type Conversations = {
  sendToConversation(conversation: string, activity: Partial<Activity>): Promise<unknown>;
  replyToActivity(conversation: string, replyTo: string, activity: Partial<Activity>): Promise<unknown>;
  updateActivity(conversation: string, id: string, activity: Partial<Activity>): Promise<unknown>;
  deleteActivity(conversation: string, id: string): Promise<unknown>;
  createConversation(parameters: object): Promise<unknown>;
  getConversationPagedMembers(
    conversation: string,
    options: { readonly pageSize: number; readonly continuationToken?: string },
  ): Promise<unknown>;
  getConversationMember(conversation: string, user: string): Promise<unknown>;
};
type Connector = { readonly conversations: Conversations };
type UserTokens = {
  exchangeToken(
    user: string,
    connection: string,
    channel: string,
    request: { token: string },
  ): Promise<unknown>;
};
type Credentials = Awaited<ReturnType<ConfigurationServiceClientCredentialFactory["createCredentials"]>>;
type HttpClient = {
  sendRequest(request: WebRequest): Promise<WebResponse>;
};
type WebRequest = Parameters<Credentials["signRequest"]>[0];
type WebResponse = {
  request: WebRequest;
  status: number;
  headers: WebRequest["headers"];
  bodyAsText: string;
};

/** The connector of the Bot Framework SDK (botbuilder 4.23), loaded when this is called. */
export async function createBotbuilderConnector(options: ConnectorOptions): Promise<ConnectorPort> {
  const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = await import("botbuilder");
  const { endpoints, appId } = options;
  const credentials = {
    isValidAppId: async (id: string) => id === appId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({
      async signRequest(request: WebRequest) {
        const token = await options.token();
        if (token !== null) request.headers.set("authorization", `Bearer ${token}`);
        return request;
      },
    }),
  };
  const authentication = new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: appId,
      ToChannelFromBotLoginUrl: endpoints.login,
      ToChannelFromBotOAuthScope: endpoints.scope,
      ToBotFromChannelTokenIssuer: endpoints.issuer,
      ToBotFromChannelOpenIdMetadataUrl: endpoints.openIdMetadata,
      ToBotFromEmulatorOpenIdMetadataUrl: endpoints.openIdMetadata,
      OAuthUrl: endpoints.oauth,
      CallerId: "",
    },
    credentials,
    undefined,
    undefined,
    { httpClient: createHttpClient(options.timeoutMs) },
  );
  const adapter = new CloudAdapter(authentication);

  const connector = (serviceUrl: string): Promise<Conversations> =>
    withContext(
      adapter,
      appId,
      { serviceUrl, channelId: "msteams", conversation: blankConversation },
      (context) => {
        const found: Connector = context.turnState.get(adapter.ConnectorClientKey);
        return found.conversations;
      },
    );

  return {
    async send(ref, activity) {
      const calls = await connector(ref.serviceUrl);
      const replyTo = activity.replyToId;
      return wholeBody.run(JSON.stringify(activity), () =>
        typeof replyTo === "string"
          ? calls.replyToActivity(ref.conversation.id, replyTo, activity)
          : calls.sendToConversation(ref.conversation.id, activity),
      );
    },
    async update(ref, id, activity) {
      const calls = await connector(ref.serviceUrl);
      const whole = { ...activity, id };
      return wholeBody.run(JSON.stringify(whole), () => calls.updateActivity(ref.conversation.id, id, whole));
    },
    async remove(ref, id) {
      await (await connector(ref.serviceUrl)).deleteActivity(ref.conversation.id, id);
    },
    createConversation: async (serviceUrl, start) => (await connector(serviceUrl)).createConversation(start),
    membersPage: async (ref, continuation) =>
      (await connector(ref.serviceUrl)).getConversationPagedMembers(ref.conversation.id, {
        pageSize: 500,
        ...(continuation === null ? {} : { continuationToken: continuation }),
      }),
    member: async (ref, user) =>
      (await connector(ref.serviceUrl)).getConversationMember(ref.conversation.id, user),
    async exchangeToken(user, connection, token) {
      const reference = {
        serviceUrl: endpoints.oauth,
        channelId: "msteams",
        conversation: blankConversation,
      };
      const tokens = await withContext(
        adapter,
        appId,
        reference,
        (context): UserTokens => context.turnState.get(adapter.UserTokenClientKey),
      );
      return tokens.exchangeToken(user, connection, "msteams", { token });
    },
  };
}

/**
 * The SDK's serializer drops what its tables do not know of an entity: stream numbers, citations. The activity
 * therefore goes past it to `createHttpClient`.
 */
const wholeBody = new AsyncLocalStorage<string>();

const blankConversation = { id: "none", isGroup: false, conversationType: "personal", name: "" };

/** The SDK gives its clients only inside a turn. */
async function withContext<T>(
  adapter: CloudAdapter,
  appId: string,
  reference: Partial<ConversationReference>,
  take: (context: TurnContext) => T,
): Promise<T> {
  let taken: { readonly value: T } | null = null;
  await adapter.continueConversationAsync(appId, reference, async (context) => {
    taken = { value: take(context) };
  });
  const found = taken as { readonly value: T } | null;
  if (found === null) throw new Error("the SDK ran no turn");
  return found.value;
}

/**
 * Carries the SDK's requests. An error status is thrown here, below the SDK's own retries: those would send a
 * message again without regard to the limits of the conversation.
 */
function createHttpClient(timeoutMs: number): HttpClient {
  return {
    async sendRequest(request) {
      const headers: Record<string, string> = {};
      for (const { name, value } of request.headers.headersArray()) headers[name] = value;
      delete headers["accept-encoding"];
      const body = wholeBody.getStore() ?? (typeof request.body === "string" ? request.body : null);
      delete headers["content-length"];
      const answer = await fetchBounded(
        request.url,
        { method: request.method, headers, body },
        { timeoutMs, maxBytes: MAX_ANSWER_BYTES },
      ).catch((cause: unknown) => {
        throw new ConnectorFailure(null, null, null, { cause });
      });
      const text = new TextDecoder().decode(answer.body);
      if (answer.status < 200 || answer.status > 299) {
        throw new ConnectorFailure(answer.status, text, answer.headers.get("retry-after"));
      }
      const answered = request.headers.clone();
      for (const name of answered.headerNames()) answered.remove(name);
      for (const [name, value] of answer.headers) answered.set(name, value);
      return { request, status: answer.status, headers: answered, bodyAsText: text };
    },
  };
}
