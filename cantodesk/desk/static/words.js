// The page's own words in its three languages. The assistant's words come from the server.

export const LANGUAGES = ["yue", "en", "zh"];

// BCP 47 tags that choose the right voice and the right shapes of the signs.
export const TAGS = { yue: "yue-Hant-HK", en: "en", zh: "zh-Hans" };

export const WORDS = {
  yue: {
    title: "客戶服務",
    role: "自動客戶服務助手 · 24 小時",
    languages: "語言",
    newChat: "開新對話",
    talk: "對話",
    welcomeTitle: "你好，有咩可以幫你？",
    welcomeText: "訂單、送貨、退換、會員同物業嘅問題都可以問。用廣東話、英文或者普通話，夾雜住講都得。",
    examples: ["我張單去到邊呀？", "我想退貨，點做？", "今日開到幾點？"],
    boxLabel: "你嘅訊息",
    boxHint: "寫低你嘅問題…",
    keys: "按 Enter 傳送，Shift 加 Enter 換行",
    send: "傳送",
    automated: "呢度由自動助手回覆，唔係真人。",
    person: "搵真人",
    personLine: "我想搵真人客服",
    orCall: (hotline) => `，或者致電 ${hotline}`,
    switchLine: "講廣東話",
    tooLong: "訊息太長，請縮短到 2,000 字之內，或者分開幾次講。",
    you: "你",
    assistant: "助手",
    agent: "客服同事",
    thinking: "助手輸入緊…",
    image: "助手傳嚟嘅圖片",
    newTab: "（喺新分頁開）",
    choices: "選擇",
    unreachable: "聯絡唔到助手，請睇下網絡有冇問題。",
    again: "再試一次",
    waiting: "你嘅訊息已經記低，同事會跟進。",
    newTitle: "開新對話？",
    newText: "而家嘅對話之後喺呢部機睇唔返。",
    newNo: "繼續傾",
    newYes: "開新對話",
  },
  en: {
    title: "Customer service",
    role: "Automated assistant · 24/7",
    languages: "Language",
    newChat: "New chat",
    talk: "Conversation",
    welcomeTitle: "Hello, how can we help?",
    welcomeText:
      "Ask about orders, delivery, returns, membership or property. Cantonese, English or Mandarin, or a mix of them.",
    examples: ["Where is my order?", "How do I return something?", "How late are you open today?"],
    boxLabel: "Your message",
    boxHint: "Write your question…",
    keys: "Enter sends, Shift and Enter start a new line",
    send: "Send",
    automated: "This is an automated assistant, not a person.",
    person: "Talk to a person",
    personLine: "I would like to talk to a person",
    orCall: (hotline) => ` or call ${hotline}`,
    switchLine: "English please",
    tooLong: "This message is too long. Please keep it under 2,000 characters or send it in parts.",
    you: "You",
    assistant: "Assistant",
    agent: "Customer service",
    thinking: "The assistant is typing…",
    image: "Picture from the assistant",
    newTab: " (opens in a new tab)",
    choices: "Choices",
    unreachable: "The assistant cannot be reached. Please check your connection.",
    again: "Try again",
    waiting: "Your message is saved. A colleague will follow it up.",
    newTitle: "Start a new chat?",
    newText: "You will not see this conversation on this device again.",
    newNo: "Keep chatting",
    newYes: "New chat",
  },
  zh: {
    title: "客户服务",
    role: "自动客服助手 · 24 小时",
    languages: "语言",
    newChat: "新对话",
    talk: "对话",
    welcomeTitle: "您好，有什么可以帮您？",
    welcomeText: "订单、送货、退换、会员和物业的问题都可以问。粤语、英语或普通话，混着说也可以。",
    examples: ["我的订单到哪里了？", "不合适想退货，怎么办？", "今天营业到几点？"],
    boxLabel: "您的消息",
    boxHint: "写下您的问题…",
    keys: "按 Enter 发送，Shift 加 Enter 换行",
    send: "发送",
    automated: "这里由自动助手回复，不是真人。",
    person: "找人工客服",
    personLine: "我想找人工客服",
    orCall: (hotline) => `，或致电 ${hotline}`,
    switchLine: "说普通话",
    tooLong: "消息太长了。请控制在 2,000 字以内，或分几次发送。",
    you: "您",
    assistant: "助手",
    agent: "客服同事",
    thinking: "助手正在输入…",
    image: "助手发来的图片",
    newTab: "（在新标签页打开）",
    choices: "选项",
    unreachable: "无法联系助手，请检查网络连接。",
    again: "再试一次",
    waiting: "您的消息已记录，同事会跟进。",
    newTitle: "开始新对话？",
    newText: "当前对话之后将无法在此设备上查看。",
    newNo: "继续对话",
    newYes: "新对话",
  },
};

const KEPT = "cantodesk.language";

// The language chosen before, else the browser's first one that we have, else Cantonese.
export function firstLanguage() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (LANGUAGES.includes(kept)) return kept;
  } catch {
    // Storage may be switched off; the page works without.
  }
  for (const tag of navigator.languages ?? [navigator.language]) {
    const parts = tag.toLowerCase().split("-");
    if (parts[0] === "en") return "en";
    if (parts[0] === "yue" || (parts[0] === "zh" && /hk|mo|tw|hant/.test(tag.toLowerCase()))) return "yue";
    if (parts[0] === "zh") return "zh";
  }
  return "yue";
}

export function keepLanguage(language) {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // See above.
  }
}

// Puts the words of one language into every element that asks for one.
export function sayIn(language) {
  const words = WORDS[language];
  document.documentElement.lang = TAGS[language];
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = words[element.dataset.word];
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", words[element.dataset.label]);
  }
  for (const element of document.querySelectorAll("[data-placeholder]")) {
    element.placeholder = words[element.dataset.placeholder];
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
}
