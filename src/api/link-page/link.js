// The page behind a one-time link: whoever is signed in says that an account of Slack or Teams is theirs.
const TOKEN = "steward.token";
const TITLES = { slack: ["Slack", "workspace"], teams: ["Teams", "organisation"] };

const part = (id) => document.getElementById(id);
const code = location.pathname.split("/").pop();
const isDemo = document.body.dataset.mode === "demo";

/** Who the person says they are: a token, or a persona of the demo. */
let identity = null;

function remembered() {
  try {
    return sessionStorage.getItem(TOKEN);
  } catch {
    return null;
  }
}

async function call(method, path, body) {
  const headers = { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) };
  if (identity?.token) headers.Authorization = `Bearer ${identity.token}`;
  if (identity?.as) headers["X-Steward-As"] = identity.as;
  // Made by this page for this request: no other site can send it along.
  if (method === "POST") headers["Idempotency-Key"] = crypto.randomUUID();
  const content = body ? { body: JSON.stringify(body) } : {};
  const response = await fetch(path, { method, headers, credentials: "omit", cache: "no-store", ...content });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const {
    detail = "The server did not answer.",
    remedy = "Try again in a minute.",
    code: error,
  } = answer ?? {};
  throw Object.assign(new Error(`${detail} ${remedy}${error ? ` (${error})` : ""}`), { error });
}

function tell(problem) {
  part("problem").textContent = problem;
  part("problem").hidden = problem === "";
}

/** Runs a step with its button off, and says what went wrong. */
async function step(form, work) {
  const button = form.querySelector("button");
  button.disabled = true;
  tell("");
  try {
    await work();
  } catch (error) {
    tell(error.message);
    if (error.error === "AUTH-401") askWho();
  } finally {
    button.disabled = false;
  }
}

function askWho() {
  part("sign-in").hidden = false;
  part("confirm").hidden = true;
  part(isDemo ? "person-field" : "token-field").hidden = false;
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** Signs in with the company's provider in a window of its own; resolves to a token that only this page can get. */
async function signInAtCompany() {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  // Opened at once, while the click still counts.
  const opened = open("about:blank", "steward-sign-in", "width=520,height=680");
  if (!opened) throw new Error("The window could not be opened. Allow windows of this page and try again.");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const wish = new URLSearchParams({ origin: location.origin, challenge: base64url(new Uint8Array(digest)) });
  const told = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("Nobody signed in. Try again.")), 300_000);
    addEventListener("message", function hear({ origin, source, data }) {
      if (origin !== location.origin || source !== opened || data?.type !== "steward-sign-in") return;
      removeEventListener("message", hear);
      clearTimeout(timer);
      if (data.code) resolve(data.code);
      else reject(new Error("You could not be signed in. Try again."));
    });
  });
  opened.location = `/sign-in?${wish}`;
  const { token } = await call("POST", "/api/identity/exchange", { code: await told, verifier });
  return token;
}

async function showOffer() {
  const offer = await call("GET", `/api/links/${code}`);
  const [platform, space] = TITLES[offer.channel];
  const { principal } = await call("GET", "/api/me");
  part("offer").textContent =
    `You are ${principal.name} (${principal.id}). The link is for the ${platform} account ${offer.account} in the ${space} ${offer.workspace}.`;
  part("yes").textContent = `This is my ${platform} account in ${offer.workspace}`;
  part("sign-in").hidden = true;
  part("confirm").hidden = false;
  part("yes").focus();
}

part("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  identity = isDemo ? { as: part("person").value } : { token: part("token").value.trim() };
  void step(part("sign-in"), showOffer);
});

part("company").addEventListener("click", () => {
  void step(part("sign-in"), async () => {
    identity = { token: await signInAtCompany() };
    await showOffer();
  });
});

part("confirm").addEventListener("submit", (event) => {
  event.preventDefault();
  void step(part("confirm"), async () => {
    const linked = await call("POST", `/api/links/${code}/confirm`);
    const [platform] = TITLES[linked.channel];
    part("confirm").hidden = true;
    document.querySelector("h1").textContent = "That is settled";
    part("offer").textContent =
      `Steward knows you in ${platform} now. Go back there and send your message again.`;
  });
});

async function begin() {
  if (isDemo) {
    const { people } = await call("GET", "/api/people");
    for (const { id, name } of people) part("person").add(new Option(`${name} (${id})`, id));
    askWho();
    return;
  }
  const { signIn } = await call("GET", "/api/identity").catch(() => ({ signIn: false }));
  part("company").hidden = !signIn;
  const token = remembered();
  if (token === null) return askWho();
  identity = { token };
  await showOffer();
}

begin().catch((error) => {
  tell(error.message);
  askWho();
});
