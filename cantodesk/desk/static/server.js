// Everything the page asks of the server. Nothing here raises.

// Longer than the server waits for the assistant, so that its own sentence arrives.
const LONGEST_WAIT = 30_000;

// Too long, unreadable, foreign: the same line would be refused again.
const FINAL = new Set([400, 403, 413, 415]);

// A mark of one line, the same when it is sent again. Works without HTTPS, where randomUUID does not.
export function lineId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const config = (language) => ask("/chat/config", language);
export const history = (language) => ask("/chat/history", language);
export const newTalk = (language) => ask("/chat/new", language, {});

export function send(line, language, stop) {
  const body = { text: line.text, payload: line.payload, line_id: line.id };
  return ask("/chat/messages", language, body, stop);
}

// {data} when it worked; else {sentence, again}: what to tell the customer (null when the server
// said nothing), and whether the same line may be tried again.
async function ask(path, language, body, stop) {
  const late = AbortSignal.timeout(LONGEST_WAIT);
  const headers = { "Accept-Language": language };
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, {
      method: body ? "POST" : "GET",
      headers,
      body: body ? JSON.stringify(body) : undefined,
      credentials: "same-origin",
      cache: "no-store",
      signal: stop ? either(late, stop) : late,
    });
    const content = await response.json().catch(() => null);
    if (response.ok && content) return { data: content };
    return { sentence: content?.sentence ?? null, again: !FINAL.has(response.status) };
  } catch {
    return { sentence: null, again: true };
  }
}

// A signal when either of two signals.
function either(one, other) {
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) both.abort();
    signal.addEventListener("abort", () => both.abort(), { once: true });
  }
  return both.signal;
}
