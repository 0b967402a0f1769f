// Bubbles. What people and the assistant write becomes text nodes and nothing else.

import { TAGS } from "./words.js";

// Signs an address may hold; Chinese text right behind one is not part of it.
const ADDRESS = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/gi;
const TRAILING = /[.,;:!?'*]+$/;

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// One bubble. `who` is customer, bot or agent; `language` is yue, en or zh.
export function bubble({ who, speaker, text, image, language, at, words }) {
  const line = element("div", `line ${who}`);
  const said = element("div", "bubble");
  said.lang = TAGS[language] ?? TAGS.yue;
  // Its own direction: a sign that turns the writing round must not reach the rest of the page.
  said.dir = "auto";
  const unseen = element("span", "unseen", `${speaker}: `);
  unseen.lang = document.documentElement.lang;
  line.append(unseen);
  if (text) said.append(...withLinks(text, words));
  if (image) said.append(picture(image, words));
  line.append(said, clock(at));
  return line;
}

// Marks a bubble with the language the server found in it.
export function markLanguage(line, language) {
  if (TAGS[language]) line.querySelector(".bubble").lang = TAGS[language];
}

// The assistant's choices. `choose(button)` is called at most once.
export function choices(buttons, language, words, choose) {
  const group = element("div", "choices-given");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.choices);
  group.lang = TAGS[language] ?? TAGS.yue;
  for (const button of buttons) {
    const made = element("button", "choice", button.title);
    made.type = "button";
    made.addEventListener("click", () => {
      made.classList.add("chosen");
      choose(button);
    });
    group.append(made);
  }
  return group;
}

export function retireChoices(log) {
  for (const button of log.querySelectorAll(".choice:not(:disabled)")) button.disabled = true;
}

// A sentence of the page itself, with a way to try again if there is one.
export function remark(sentence, language, againWord, again) {
  const made = element("div", "remark", element("span", "", sentence));
  made.lang = TAGS[language];
  if (again) {
    const button = element("button", "again", againWord);
    button.type = "button";
    button.addEventListener(
      "click",
      () => {
        made.remove();
        again();
      },
      { once: true },
    );
    made.append(button);
  }
  return made;
}

function clock(at) {
  const today = at.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "numeric" };
  const shape = { hour: "2-digit", minute: "2-digit", ...day };
  const shown = element("time", "at", at.toLocaleString("en-GB", shape));
  shown.dateTime = at.toISOString();
  return shown;
}

// Text nodes, with http and https addresses as links.
function withLinks(text, words) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = trimmed(found[0]);
    const url = safeAddress(address, ["http:", "https:"]);
    if (!url) continue;
    nodes.push(text.slice(from, found.index), link(address, url.href, words));
    from = found.index + address.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

function link(text, href, words) {
  const made = element("a", "", text, element("span", "unseen", words.newTab));
  made.href = href;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

// An address without the punctuation of the sentence around it.
function trimmed(address) {
  let kept = address.replace(TRAILING, "");
  while (kept.endsWith(")") && kept.split(")").length > kept.split("(").length) {
    kept = kept.slice(0, -1).replace(TRAILING, "");
  }
  return kept;
}

// The address, or null for another scheme or one that hides its host behind a user name.
function safeAddress(address, schemes) {
  try {
    const url = new URL(address, location.origin);
    return schemes.includes(url.protocol) && !url.username && !url.password ? url : null;
  } catch {
    return null;
  }
}

function picture(address, words) {
  const own = safeAddress(address, ["http:", "https:"]);
  const shown =
    /^data:image\/(png|jpeg|gif|webp);base64,/i.test(address) ||
    (own && (own.protocol === "https:" || own.origin === location.origin));
  if (!shown) return own ? link(address, own.href, words) : document.createTextNode(address);
  const image = element("img", "picture");
  image.alt = words.image;
  image.referrerPolicy = "no-referrer";
  image.addEventListener("error", () => {
    image.replaceWith(own ? link(address, own.href, words) : words.image);
  });
  image.src = address;
  return image;
}
