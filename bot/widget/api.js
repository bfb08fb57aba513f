// The JSON contract (docs/api.md): one function a route. What fails is a `Trouble`, of few kinds.

const TIMEOUT_MS = 20000; // the server gives up a turn after 10

/** `kind`: "offline", "unreachable", "busy" (429), "ended" (the session), "failed" (5xx) or "refused" (4xx). */
export class Trouble extends Error {
  constructor(kind, message = "", seconds = 0) {
    super(message);
    this.kind = kind;
    this.seconds = seconds;
  }
}

export function createApi(base, clinic) {
  async function call(method, path, { token, body, key } = {}) {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    let response;
    let answer = null;
    try {
      response = await fetch(`${base}api/${encodeURIComponent(clinic)}/${path}`, {
        method,
        headers,
        body: body && JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status !== 204) answer = await response.json();
    } catch {
      // No answer, half of one, or a proxy's page in place of ours.
      throw new Trouble(navigator.onLine === false ? "offline" : "unreachable");
    }
    if (response.ok) return answer;
    throw new Trouble(kindOf(response.status), answer?.error?.message, Number(response.headers.get("Retry-After")));
  }

  return {
    status: () => call("GET", "status"),
    start: () => call("POST", "sessions"),
    history: (token) => call("GET", "messages", { token }),
    say: (token, body, key) => call("POST", "messages", { token, body, key }),
    judge: (token, body) => call("POST", "feedback", { token, body }),
    forget: (token) => call("DELETE", "session", { token }),
  };
}

function kindOf(status) {
  if (status === 401 || status === 410) return "ended";
  if (status === 429) return "busy";
  return status >= 500 ? "failed" : "refused";
}

/** A key that no other message has; `crypto.randomUUID` is missing on pages without TLS. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
