// The talk: what the customer does, in order, and what comes back.

import { bubble, choices, element, markLanguage, remark, retireChoices } from "./lines.js";
import * as server from "./server.js";
import { WORDS, firstLanguage, keepLanguage, sayIn } from "./words.js";

const find = (id) => document.getElementById(id);
const [scroll, welcome, log, thinking, status, form, box, question] = [
  "scroll", "welcome", "log", "thinking", "status", "form", "box", "question",
].map(find);

let language = firstLanguage();
let shop = null;
// Lines wait here for their turn: one is on its way at a time, in the order they were written.
let queue = [];
let onItsWay = false;
// Stops what is on its way when a new talk begins.
let stop = new AbortController();
// Nothing is written before the earlier talk is on the page, and with it the cookie.
let begun;

const words = () => WORDS[language];
const talking = () => log.querySelector(".line") !== null;

function showWords() {
  sayIn(language);
  const company = shop?.company[language] ?? "";
  document.title = company ? `${company} · ${words().title}` : words().title;
  find("company").textContent = company || words().title;
  find("mark").textContent = Array.from(company)[0] ?? "";
  const hotline = shop?.hotline?.[language];
  find("hotline").textContent = hotline ? words().orCall(hotline) : "";
  find("examples").replaceChildren(
    ...words().examples.map((text) => {
      const button = element("button", "example", text);
      button.type = "button";
      button.addEventListener("click", () => write(text));
      return button;
    }),
  );
}

// --- showing

function show(node) {
  welcome.hidden = true;
  log.append(node);
  return node;
}

function showLine(line) {
  const speaker = { customer: words().you, agent: words().agent, bot: words().assistant }[line.who];
  // The time stands under the last of several bubbles only.
  const last = log.lastElementChild;
  if (last?.classList.contains(line.who)) last.classList.add("followed");
  return show(bubble({ ...line, speaker, at: line.at ?? new Date(), words: words() }));
}

function showReply(reply) {
  const shown = reply.text || reply.image ? showLine(reply) : null;
  const given = reply.buttons.length
    ? show(choices(reply.buttons, reply.language, words(), chooseOne))
    : null;
  return shown ?? given;
}

function chooseOne(button) {
  write(button.title, button.payload);
}

function showThinking(on) {
  thinking.hidden = !on;
  status.textContent = on ? words().thinking : "";
  if (on) toEnd();
}

function toEnd(behavior = "auto") {
  scroll.scrollTo({ top: scroll.scrollHeight, behavior });
}

// The beginning of a reply stays in sight, however long the reply is.
function toReply(first) {
  scroll.scrollTop = first.offsetTop - scroll.clientHeight / 4;
}

// A picture that arrives late must not push the end out of sight.
function afterPicture({ target }) {
  const below = scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop;
  if (below <= target.clientHeight + 40) toEnd();
}

// --- sending

async function write(text, payload = null) {
  retireChoices(log);
  keepFocus();
  await begun;
  const shown = showLine({ who: "customer", text, language });
  toEnd();
  post({ id: server.lineId(), text, payload, shown });
}

function post(line) {
  queue.push(line);
  sendNext();
}

async function sendNext() {
  if (onItsWay || queue.length === 0) return;
  onItsWay = true;
  const line = queue.shift();
  const mine = stop;
  showThinking(true);
  const result = await server.send(line, language, mine.signal);
  if (mine.signal.aborted) return;
  onItsWay = false;
  showThinking(false);
  if (result.data) {
    markLanguage(line.shown, result.data.line_language);
    showAnswer(result.data);
  } else {
    showFailure(line, result);
  }
  sendNext();
}

function showAnswer({ messages, waits_for_person: waits }) {
  const shown = messages.map((reply) => showReply({ who: "bot", ...reply }));
  // The customer has written on meanwhile: these choices are old already.
  if (queue.length) retireChoices(log);
  if (waits) shown.push(show(remark(words().waiting, language)));
  if (shown.length) toReply(shown[0]);
}

function showFailure(line, { sentence, again }) {
  line.shown.classList.add("failed");
  const retry = () => {
    line.shown.classList.remove("failed");
    // It is said now, so it stands below what was said since.
    log.append(line.shown);
    keepFocus();
    post(line);
  };
  show(remark(sentence ?? words().unreachable, language, words().again, again ? retry : null));
  toEnd();
}

// --- what the customer does

function keepFocus() {
  // On a telephone the box would bring up the keyboard over what was just read.
  const touched = matchMedia("(pointer: coarse)").matches && document.activeElement !== box;
  (touched ? scroll : box).focus({ preventScroll: true });
}

function submit() {
  const text = box.value.replace(/[^\P{Cc}\n\t]/gu, "").trim();
  if (!text) return;
  const tooLong = Array.from(text).length > (shop?.longest_text ?? 2000);
  find("too-long").textContent = tooLong ? words().tooLong : "";
  if (tooLong) return;
  box.value = "";
  fitBox();
  write(text);
  box.focus();
}

function fitBox() {
  find("send").classList.toggle("idle", box.value.trim() === "");
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

function switchTo(chosen) {
  if (chosen === language) return;
  language = chosen;
  keepLanguage(chosen);
  showWords();
  if (talking()) write(words().switchLine);
  else keepFocus();
}

async function startAnew() {
  stop.abort();
  stop = new AbortController();
  queue = [];
  onItsWay = false;
  showThinking(false);
  log.replaceChildren();
  welcome.hidden = false;
  const mine = stop;
  begun = begun.then(() => server.newTalk(language)).then((result) => {
    if (result.data || mine.signal.aborted) return;
    // The old talk is still the server's: say so rather than mix the two.
    const sentence = result.sentence ?? words().unreachable;
    show(remark(sentence, language, words().again, startAnew));
  });
  box.focus();
}

// --- beginning

async function showEarlier() {
  const result = await server.history(language);
  if (!result.data) {
    const reload = () => location.reload();
    log.append(remark(result.sentence ?? words().unreachable, language, words().again, reload));
    welcome.hidden = false;
    return;
  }
  // What was said before is there to be read, not to be read out.
  log.setAttribute("aria-live", "off");
  for (const { role, at, ...line } of result.data.messages) {
    retireChoices(log);
    const earlier = { ...line, who: role, at: new Date(at) };
    if (role === "customer") showLine(earlier);
    else showReply(earlier);
  }
  welcome.hidden = talking();
  if (["queued", "human", "after_hours"].includes(result.data.state) && talking()) {
    show(remark(words().waiting, language));
  }
  if (talking()) toEnd("instant");
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", fitBox);
  log.addEventListener("load", afterPicture, true);
  box.addEventListener("keydown", (event) => {
    // Enter also ends the composing of Chinese. Safari says so only by the code 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => switchTo(button.dataset.language));
  }
  find("person").addEventListener("click", () => write(words().personLine));
  find("new-chat").addEventListener("click", () => (talking() ? question.showModal() : box.focus()));
  find("question-no").addEventListener("click", () => question.close());
  find("question-yes").addEventListener("click", () => {
    question.close();
    startAnew();
  });
  question.addEventListener("close", () => box.focus());
}

showWords();
listen();
fitBox();
keepFocus();
begun = showEarlier();
server.config(language).then((result) => {
  shop = result.data ?? null;
  showWords();
});
