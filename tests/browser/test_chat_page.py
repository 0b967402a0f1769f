"""The chat page as customers meet it, in Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Locator, Page, Route, expect

from cantodesk.storage.conversation_tables import ConversationState

if TYPE_CHECKING:
    from conftest import Desk, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHOICES = [
    {"title": "取消訂單", "payload": '/cancel_order{"order_id":"HK20261234"}'},
    {"title": "唔使喇", "payload": "/deny"},
]
HOSTILE = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def box(page: Page) -> Locator:
    return page.locator("#box")


def bubbles(page: Page, who: str) -> Locator:
    return page.locator(f"#log .line.{who} .bubble")


async def say(page: Page, text: str) -> None:
    """Write a line, send it by Enter, and wait for the answer."""
    before = await bubbles(page, "bot").count()
    await box(page).fill(text)
    await box(page).press("Enter")
    await expect(bubbles(page, "bot")).not_to_have_count(before)


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def choosing(message: str) -> list[dict[str, Any]]:
    if message.startswith("/"):
        return [{"text": "好，幫你取消。"}]
    return [{"text": "想點做？", "buttons": CHOICES}]


async def test_a_line_is_sent_by_enter_and_answered(visit: Visitor, desk: Desk) -> None:
    page = (await visit()).page
    await box(page).fill("第一行")
    await box(page).press("Shift+Enter")
    await box(page).press_sequentially("second")
    await box(page).press("Enter")
    await expect(bubbles(page, "customer")).to_have_text(["第一行\nsecond"])
    await expect(bubbles(page, "bot")).to_have_text(["ok 第一行\nsecond"])
    assert desk.assistant.messages == ["第一行\nsecond"]
    await expect(box(page)).to_have_value("")
    await expect(box(page)).to_be_focused()


async def test_the_arrow_sends_too_and_nothing_is_not_sent(visit: Visitor, desk: Desk) -> None:
    page = (await visit()).page
    await box(page).fill("  \n ")
    await box(page).press("Enter")
    await page.locator("#send").click()
    await expect(page.locator("#log .line")).to_have_count(0)
    await box(page).fill("hi")
    await page.locator("#send").click()
    await expect(bubbles(page, "bot")).to_have_text(["ok hi"])
    assert desk.assistant.messages == ["hi"]
    await expect(box(page)).to_be_focused()


async def test_composing_never_sends(visit: Visitor, desk: Desk) -> None:
    page = (await visit()).page
    await box(page).focus()
    keyboard = await page.context.new_cdp_session(page)
    await keyboard.send(
        "Input.imeSetComposition", {"text": "nei", "selectionStart": 3, "selectionEnd": 3}
    )
    await box(page).press("Enter")
    # Safari has ended the composing by then and tells it by the code alone.
    await box(page).evaluate(
        """(box) => {
          const key = { key: "Enter", bubbles: true, cancelable: true };
          box.dispatchEvent(new KeyboardEvent("keydown", { ...key, isComposing: true }));
          box.dispatchEvent(new KeyboardEvent("keydown", { ...key, keyCode: 229 }));
        }"""
    )
    await expect(page.locator("#log .line")).to_have_count(0)
    await keyboard.send("Input.insertText", {"text": "你好"})
    await say(page, "你好")
    assert desk.assistant.messages == ["你好"]


async def test_a_button_sends_its_payload_and_shows_its_title(visit: Visitor, desk: Desk) -> None:
    desk.assistant.reply = choosing
    page = (await visit()).page
    await say(page, "查單")
    await page.get_by_role("button", name="取消訂單").click()
    await expect(bubbles(page, "bot")).to_have_text(["想點做？", "好，幫你取消。"])
    await expect(bubbles(page, "customer")).to_have_text(["查單", "取消訂單"])
    assert desk.assistant.messages == ["查單", CHOICES[0]["payload"]]
    await expect(box(page)).to_be_focused()
    for title in ("取消訂單", "唔使喇"):
        await expect(page.get_by_role("button", name=title)).to_be_disabled()


async def test_buttons_are_old_once_another_line_is_written(visit: Visitor, desk: Desk) -> None:
    desk.assistant.reply = choosing
    page = (await visit()).page
    await say(page, "一")
    await say(page, "二")
    old, new = page.get_by_role("button", name="唔使喇").nth(0), page.locator(".choice").nth(3)
    await expect(old).to_be_disabled()
    await expect(new).to_be_enabled()


async def test_the_keyboard_is_enough(visit: Visitor, desk: Desk) -> None:
    desk.assistant.reply = choosing
    page = (await visit()).page
    await say(page, "查單")
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="唔使喇")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(bubbles(page, "customer")).to_have_text(["查單", "唔使喇"])
    await expect(box(page)).to_be_focused()


async def test_a_reload_keeps_the_talk_and_its_buttons(visit: Visitor, desk: Desk) -> None:
    desk.assistant.reply = choosing
    page = (await visit()).page
    await say(page, "查單")
    await page.reload()
    await expect(bubbles(page, "customer")).to_have_text(["查單"])
    await expect(bubbles(page, "bot")).to_have_text(["想點做？"])
    await expect(page.locator("#welcome")).to_be_hidden()
    await page.get_by_role("button", name="取消訂單").click()
    await expect(bubbles(page, "bot")).to_have_text(["想點做？", "好，幫你取消。"])
    await page.reload()
    await expect(bubbles(page, "customer")).to_have_text(["查單", "取消訂單"])
    await expect(page.locator(".choice:enabled")).to_have_count(0)


async def test_a_link_from_another_site_finds_the_talk(visit: Visitor, desk: Desk) -> None:
    page = (await visit()).page
    await say(page, "查單")
    # Another name of the same machine is another site.
    await page.goto(desk.address.replace("127.0.0.1", "localhost") + "health")
    await page.evaluate("(address) => { location.href = address }", desk.address)
    await page.wait_for_url(desk.address)
    await expect(bubbles(page, "customer")).to_have_text(["查單"])


@pytest.mark.parametrize(
    ("locale", "lang", "company", "example"),
    [
        ("zh-HK", "yue-Hant-HK", "好日子", "我張單去到邊呀？"),
        ("en-GB", "en", "GoodDay", "Where is my order?"),
        ("zh-CN", "zh-Hans", "好日子", "我的订单到哪里了？"),
        ("fr-FR", "yue-Hant-HK", "好日子", "我張單去到邊呀？"),
    ],
)
async def test_the_first_screen(
    visit: Visitor, desk: Desk, locale: str, lang: str, company: str, example: str
) -> None:
    page = (await visit(locale=locale)).page
    await expect(page.locator("html")).to_have_attribute("lang", lang)
    await expect(page.get_by_role("heading", level=1)).to_have_text(company)
    await expect(page.locator(".example")).to_have_count(3)
    await expect(page.locator(".notice")).to_contain_text("2345 6000")
    await expect(box(page)).to_be_focused()
    await page.get_by_role("button", name=example).click()
    await expect(bubbles(page, "customer")).to_have_text([example])
    await expect(bubbles(page, "bot")).to_have_text([f"ok {example}"])
    await expect(page.locator("#welcome")).to_be_hidden()


async def test_a_person_is_one_click_away(visit: Visitor, desk: Desk) -> None:
    page = (await visit(locale="en-GB")).page
    await page.get_by_role("button", name="Talk to a person").click()
    await expect(bubbles(page, "bot")).to_have_count(1)
    assert desk.assistant.messages == ["I would like to talk to a person"]


async def test_languages_change_the_page_and_tell_the_assistant(visit: Visitor, desk: Desk) -> None:
    page = (await visit()).page
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(box(page)).to_have_attribute("placeholder", "Write your question…")
    await expect(page.get_by_role("button", name="English")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert await page.title() == "GoodDay · Customer service"
    assert desk.assistant.asked == []
    await say(page, "hi")
    for button, line in (
        ("普通话", "说普通话"),
        ("廣東話", "講廣東話"),
        ("English", "English please"),
    ):
        await page.get_by_role("button", name=button).click()
        await expect(bubbles(page, "bot").last).to_have_text(f"ok {line}")
    assert desk.assistant.messages == ["hi", "说普通话", "講廣東話", "English please"]
    assert [asked["metadata"]["page_language"] for asked in desk.assistant.asked] == [
        "en",
        "zh",
        "yue",
        "en",
    ]
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_every_line_says_its_language(visit: Visitor, desk: Desk) -> None:
    desk.assistant.reply = lambda _: [
        {"text": "请稍等"},
        {"text": "等陣呀"},
        {"text": "One moment"},
    ]
    page = (await visit()).page
    log = page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await say(page, "Where is my parcel?")
    await expect(bubbles(page, "customer")).to_have_attribute("lang", "en")
    for position, lang in enumerate(("zh-Hans", "yue-Hant-HK", "en")):
        await expect(bubbles(page, "bot").nth(position)).to_have_attribute("lang", lang)
    await page.reload()
    await expect(bubbles(page, "bot").nth(0)).to_have_attribute("lang", "zh-Hans")
    await expect(log).to_have_attribute("aria-live", "polite")


async def test_dots_while_the_assistant_thinks_and_lines_in_their_order(
    visit: Visitor, desk: Desk
) -> None:
    desk.hold()
    page = (await visit()).page
    for text in ("一", "二"):
        await box(page).fill(text)
        await box(page).press("Enter")
    await expect(page.locator("#thinking")).to_be_visible()
    await expect(page.get_by_role("status")).to_have_text("助手輸入緊…")
    await expect(bubbles(page, "customer")).to_have_text(["一", "二"])
    desk.release()
    await expect(bubbles(page, "bot")).to_have_text(["ok 一", "ok 二"])
    await expect(page.locator("#thinking")).to_be_hidden()
    assert desk.assistant.messages == ["一", "二"]


async def test_try_again_sends_the_same_line_once(visit: Visitor, desk: Desk) -> None:
    desk.assistant.fail = refuse
    page = (await visit(locale="en-GB")).page
    await box(page).fill("Where is it?")
    await box(page).press("Enter")
    again = page.get_by_role("button", name="Try again")
    await expect(page.locator(".remark")).to_contain_text("the assistant cannot answer just now")
    desk.assistant.fail = None
    desk.assistant.asked.clear()
    await again.evaluate("(button) => { button.click(); button.click(); }")
    await expect(bubbles(page, "bot")).to_have_text(["ok Where is it?"])
    await expect(bubbles(page, "customer")).to_have_text(["Where is it?"])
    await expect(page.locator(".remark")).to_have_count(0)
    await say(page, "And this?")
    # By now a second copy of the first line would have been answered too.
    await expect(bubbles(page, "bot")).to_have_text(["ok Where is it?", "ok And this?"])
    assert desk.assistant.messages == ["Where is it?", "And this?"]


async def test_an_answer_lost_on_its_way_is_not_asked_for_twice(visit: Visitor, desk: Desk) -> None:
    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    page = (await visit()).page
    await page.route("**/chat/messages", lose, times=1)
    await box(page).fill("取消訂單")
    await box(page).press("Enter")
    await page.get_by_role("button", name="再試一次").click()
    await expect(bubbles(page, "bot")).to_have_text(["ok 取消訂單"])
    assert desk.assistant.messages == ["取消訂單"]


async def test_without_a_network_the_page_says_so_and_sends_later(
    visit: Visitor, desk: Desk
) -> None:
    page = (await visit(locale="zh-CN")).page
    await page.context.set_offline(True)
    await box(page).fill("你好")
    await box(page).press("Enter")
    await expect(page.locator(".remark")).to_contain_text("无法联系助手")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="再试一次").click()
    await expect(bubbles(page, "bot")).to_have_text(["ok 你好"])
    assert desk.assistant.messages == ["你好"]


async def test_a_long_line_stays_in_the_box(visit: Visitor, desk: Desk) -> None:
    page = (await visit()).page
    await box(page).fill("字" * 2001)
    await box(page).press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("太長")
    await expect(box(page)).to_have_value("字" * 2001)
    await box(page).fill("字" * 2000)
    await box(page).press("Enter")
    await expect(bubbles(page, "bot")).to_have_count(1)
    await expect(page.locator("#too-long")).to_be_empty()


async def test_waiting_for_a_person_is_no_failure(visit: Visitor, desk: Desk) -> None:
    desk.assistant.reply = lambda _: []
    desk.assistant.state = ConversationState.QUEUED
    page = (await visit()).page
    await box(page).fill("仲有嘢想講")
    await box(page).press("Enter")
    await expect(page.locator(".remark")).to_have_text("你嘅訊息已經記低，同事會跟進。")
    await expect(page.locator(".again")).to_have_count(0)
    await page.reload()
    await expect(page.locator(".remark")).to_have_text("你嘅訊息已經記低，同事會跟進。")


async def test_a_new_chat_begins_after_a_question(visit: Visitor, desk: Desk) -> None:
    page = (await visit(width=1100, height=800)).page
    await say(page, "查單")
    await page.locator("#new-chat").click()
    await page.get_by_role("button", name="繼續傾").click()
    await expect(bubbles(page, "customer")).to_have_text(["查單"])
    await page.locator("#new-chat").click()
    await page.get_by_role("dialog").get_by_role("button", name="開新對話").click()
    await expect(page.locator("#log .line")).to_have_count(0)
    await expect(page.locator("#welcome")).to_be_visible()
    await expect(box(page)).to_be_focused()
    await say(page, "新問題")
    assert len({asked["sender"] for asked in desk.assistant.asked}) == 2
    await page.reload()
    await expect(bubbles(page, "customer")).to_have_text(["新問題"])


async def test_an_answer_to_the_old_talk_does_not_reach_the_new(visit: Visitor, desk: Desk) -> None:
    desk.hold()
    page = (await visit(width=1100, height=800)).page
    await box(page).fill("舊問題")
    await box(page).press("Enter")
    await expect(page.locator("#thinking")).to_be_visible()
    await page.locator("#new-chat").click()
    await page.locator("#question-yes").click()
    desk.release()
    await say(page, "新問題")
    await expect(bubbles(page, "bot")).to_have_text(["ok 新問題"])


async def test_earlier_lines_that_cannot_be_read_stop_nothing(visit: Visitor, desk: Desk) -> None:
    desk.assistant.ledger_answers = False
    page = (await visit()).page
    await say(page, "一")
    await page.reload()
    await expect(page.locator(".remark")).to_contain_text("暫時未能顯示之前嘅對話")
    await expect(page.locator("#welcome")).to_be_visible()
    await say(page, "二")
    assert len({asked["sender"] for asked in desk.assistant.asked}) == 1


async def test_whatever_is_written_is_text(visit: Visitor, desk: Desk) -> None:
    desk.assistant.reply = lambda message: [
        {"text": message, "buttons": [{"title": HOSTILE, "payload": "/a"}]},
        {"image": "javascript:document.title='broken'"},
        {"image": f"data:text/html,{HOSTILE}"},
        {"image": "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>"},
    ]
    opened = await visit()
    page = opened.page
    await say(page, HOSTILE)
    await expect(bubbles(page, "customer")).to_have_text([HOSTILE])
    await expect(bubbles(page, "bot").nth(0)).to_have_text(HOSTILE)
    await expect(page.locator(".choice")).to_have_text([HOSTILE])
    await page.reload()
    await expect(bubbles(page, "customer")).to_have_text([HOSTILE])
    await expect(page.locator("#log img, #log script, #log a")).to_have_count(0)
    assert await page.title() == "好日子 · 客戶服務"
    assert await opened.blocked() == []


async def test_only_web_addresses_are_links(visit: Visitor, desk: Desk) -> None:
    text = (
        "睇 https://shop.example/a(b)?c=1&d=2。或者（http://shop.example/x）、HTTPS://SHOP.example/y!\n"
        "javascript:alert(1) data:text/html,x https://bank.example@evil.example/ ftp://a.example"
    )
    desk.assistant.reply = lambda _: [{"text": text}]
    page = (await visit()).page
    await say(page, "link")
    links = bubbles(page, "bot").locator("a")
    assert [await link.get_attribute("href") for link in await links.all()] == [
        "https://shop.example/a(b)?c=1&d=2",
        "http://shop.example/x",
        "https://shop.example/y",
    ]
    for link in await links.all():
        assert await link.get_attribute("rel") == "noopener noreferrer"
        assert await link.get_attribute("target") == "_blank"
    shown = await bubbles(page, "bot").inner_text()
    assert "或者（http://shop.example/x" in shown
    assert "https://bank.example@evil.example/" in shown


async def test_pictures_are_pictures(visit: Visitor, desk: Desk) -> None:
    desk.assistant.reply = lambda _: [
        {"image": DOT},
        {"image": "/static/icon.svg"},
        {"image": "http://elsewhere.example/a.png"},
    ]
    opened = await visit()
    await say(opened.page, "picture")
    pictures = bubbles(opened.page, "bot").get_by_role("img", name="助手傳嚟嘅圖片")
    await expect(pictures).to_have_count(2)
    assert await pictures.nth(0).evaluate("(image) => image.decode().then(() => true)")
    # An unprotected address is not fetched without being asked for.
    await expect(bubbles(opened.page, "bot").nth(2).locator("a")).to_have_attribute(
        "href", "http://elsewhere.example/a.png"
    )
    assert await opened.blocked() == []


async def test_nothing_of_ours_is_blocked_and_nothing_leaves_the_machine(
    visit: Visitor, desk: Desk
) -> None:
    desk.assistant.reply = choosing
    opened = await visit(width=1100, height=800, motion="no-preference")
    page = opened.page
    await say(page, "查單")
    await page.locator(".choice").first.click()
    await expect(bubbles(page, "bot")).to_have_count(2)
    await page.get_by_role("button", name="English").click()
    await expect(bubbles(page, "bot")).to_have_count(3)
    await box(page).fill("a\nb\nc\nd\ne\nf")
    await page.locator("#new-chat").click()
    await page.locator("#question-yes").click()
    await expect(page.locator("#welcome")).to_be_visible()
    assert await opened.blocked() == []
    assert len(opened.requested) > 8
    assert {urlsplit(url).hostname for url in opened.requested} == {"127.0.0.1"}


@pytest.mark.parametrize("locale", ["zh-HK", "en-GB", "zh-CN"])
async def test_no_sideways_scroll_on_the_smallest_telephone(
    visit: Visitor, desk: Desk, locale: str
) -> None:
    long = "https://shop.example/" + "a" * 200
    desk.assistant.reply = lambda _: [
        {"text": f"W{'w' * 300} {long}", "buttons": [{"title": "B" * 80, "payload": "/b"}]}
    ]
    page = (await visit(locale=locale, width=320, height=568)).page
    await _fits(page)
    await say(page, "我" * 300 + "x" * 300)
    await _fits(page)
    desk.assistant.fail = refuse
    await box(page).fill("x" * 200)
    await box(page).press("Enter")
    await expect(page.locator(".again")).to_be_visible()
    await _fits(page)


async def _fits(page: Page) -> None:
    wide = await page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll("body *")]
          .filter((e) => e.getClientRects().length && !e.closest(".unseen, svg"))
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5
            || (e.scrollWidth > e.clientWidth + 1 && e.matches("html, body, .page, .scroll")))
          .map((e) => `${e.tagName}.${e.className}`)"""
    )
    assert wide == []


# Every element with words of its own that can be seen: its colour against what is behind it.
CONTRAST = """() => {
  const part = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const e of document.querySelectorAll("body *")) {
    const worded = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!worded || !e.checkVisibility() || e.closest(".unseen, noscript")) continue;
    const pair = [light(numbers(getComputedStyle(e).color)), light(behind(e))].sort();
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) faint.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out(visit: Visitor, desk: Desk, scheme: str) -> None:
    desk.assistant.reply = lambda message: [
        {"text": "睇 https://shop.example/", "buttons": CHOICES}
    ]
    page = (await visit(scheme=scheme, width=1100, height=800)).page
    assert await page.evaluate(CONTRAST) == []
    await say(page, "一")
    assert await page.evaluate(CONTRAST) == []
    await page.locator(".choice").first.click()
    await expect(bubbles(page, "bot")).to_have_count(2)
    desk.assistant.fail = refuse
    await box(page).fill("二")
    await box(page).press("Enter")
    await expect(page.locator(".again")).to_be_visible()
    await page.locator("#new-chat").click()
    assert await page.evaluate(CONTRAST) == []


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
async def test_nothing_moves_for_those_who_asked_for_rest(
    visit: Visitor, desk: Desk, motion: str, moves: bool
) -> None:
    desk.hold()
    page = (await visit(motion=motion)).page
    await box(page).fill("hi")
    await box(page).press("Enter")
    await expect(page.locator("#thinking")).to_be_visible()
    moving = await page.evaluate("document.getAnimations().length > 0")
    assert moving is moves
    desk.release()
    await expect(bubbles(page, "bot")).to_have_count(1)
