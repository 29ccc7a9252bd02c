// The page behind a one-time link: whoever is signed in says that an account of Slack or Teams is theirs, and is shown a
// number that only the account itself can hand back.
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

/** Facts of the account; each in a place of its own, so that a chosen name cannot pass for our words. */
function showTold(facts) {
  part("told").replaceChildren();
  for (const [title, fact] of facts) {
    if (!fact) continue;
    const [term, value] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = title;
    value.textContent = fact;
    value.dir = "auto";
    part("told").append(term, value);
  }
  part("told").hidden = false;
}

async function showOffer() {
  const offer = await call("GET", `/api/links/${code}`);
  const [platform, space] = TITLES[offer.channel];
  const { principal } = await call("GET", "/api/me");
  const where = offer.workspaceName ?? offer.workspace;
  part("offer").textContent =
    `You are ${principal.name} (${principal.id}). The link is for a ${platform} account in the ${space} ${where}.`;
  showTold([
    [`Name, says ${platform}`, offer.name],
    [`E-mail, says ${platform}`, offer.email],
    ["Account", offer.account],
    [space === "workspace" ? "Workspace" : "Organisation", offer.workspace],
  ]);
  part("yes").textContent = `This is my ${platform} account in ${where}`;
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
    const { channel, number } = await call("POST", `/api/links/${code}/confirm`);
    if (!number) throw new Error("The number was shown once already. Write to Steward there for a new link.");
    const [platform] = TITLES[channel];
    const spaced = `${number.slice(0, 3)} ${number.slice(3)}`;
    part("confirm").hidden = true;
    part("finish").hidden = false;
    document.querySelector("h1").textContent = "One more step";
    part("todo").textContent =
      `Type ${spaced} to Steward in ${platform} to finish, as a direct message from that account.`;
    part("number").textContent = spaced;
    part("todo").focus();
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
