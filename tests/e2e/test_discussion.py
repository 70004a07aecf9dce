"""A learner writes on a phone: an input method composing, formats, Word's paste, a sign-out in the middle, two windows; then
replies, quotes and reports. Nothing typed is lost, nothing is sent in the middle of a composition.
"""

from collections.abc import Callable
from typing import Any

import pytest
from e2e.sound import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = "/staff/classes/small-2017/rounds"
ROUNDS = "/my/classes/small-2017/rounds"
SAVED = "[data-autosave-state]:has-text('已自动保存')"
WORD = (
    "<html><head><style><!-- p.MsoNormal{mso-style-parent:''} --></style></head><body><!--StartFragment--><h1>做法</h1>"
    "<p class=MsoNormal style='mso-pagination:none'><b>先学</b>规矩<o:p></o:p></p><p class=MsoListParagraph style='mso-list:l0'>"
    "<span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>第一条</p><p class=MsoListParagraph style='mso-list:l0'>"
    "<span style='mso-list:Ignore'>2.</span>第二条</p><img src='file:///c:/x.png'></body></html>"
)


def _open_round(as_: Callable[..., Any], theme: str) -> str:
    """The manager opens a round for today and tomorrow on the desk; its address for learners."""
    desk = as_("manager")
    desk.goto(DESK)
    for name, value in {
        "theme": theme, "background": "请结合本校的一次活动。", "opens_on": "2017-07-20", "closes_on": "2017-07-21",
        "required_posts": "2", "min_characters": "10",
    }.items():  # fmt: skip
        desk.fill(f"#{name}", value)
    desk.locator("main form .btn.p").click()
    desk.wait_for_url(lambda url: url.rstrip("/").split("/")[-1].isdecimal())
    return f"{ROUNDS}/{desk.url.rsplit('/', 1)[1]}"


def _compose(page: Any, selector: str, drafts: list[str], meant: str) -> None:
    """What a browser tells of an input method: the letters change, then the chosen words stand."""
    page.eval_on_selector(
        selector,
        """(field, [drafts, meant]) => {
          const before = field.value;
          const tell = (kind, data) => field.dispatchEvent(new CompositionEvent(kind, {bubbles: true, data}));
          tell("compositionstart", "");
          for (const draft of drafts) {
            field.value = before + draft;
            tell("compositionupdate", draft);
            field.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true, data: draft}));
          }
          field.closing = () => {
            field.value = before + meant;
            tell("compositionend", meant);
          };
        }""",
        [drafts, meant],
    )


def _sent(page: Any, kept: list[str]) -> None:
    page.on("request", lambda request: kept.append(request.post_data or "") if request.url.endswith("/draft") else None)


def test_writing_loses_nothing(as_: Callable[..., Any]) -> None:
    address = _open_round(as_, "支部会怎样与教研组会合开")
    page = as_("learner", width=390)
    sent: list[str] = []
    _sent(page, sent)
    page.goto(address)
    assert faults(page) == []
    assert page.evaluate("performance.getEntriesByType('resource').every((one) => !one.name.includes('prose'))")
    _compose(page, "#w-body", ["z", "zh", "zhi'bu"], "支部会前十分钟学规矩")
    page.wait_for_timeout(1900)  # longer than the quiet after which a save would start: none may
    assert sent == []
    page.evaluate("document.querySelector('#w-body').closing()")
    page.wait_for_selector(SAVED)
    assert len(sent) == 1
    assert "zhi" not in sent[0]

    page.context.clear_cookies(name="session")  # signed out by another window, or after a working day
    page.locator("#w-body").press_sequentially("，后二十分钟解决一个问题。")
    page.wait_for_selector("text=您已退出登录。")
    page.get_by_role("button", name="发布", exact=True).click()
    assert page.url.endswith(address)  # not thrown to the sign-in page with the text gone
    page.get_by_role("link", name="重新登录").click()
    page.fill("[name=phone]", "10000000100")
    page.fill("[name=password]", "liudong-4-kandao-haiou")
    page.locator("main button:not(.tool)").first.click()
    page.wait_for_url(lambda url: url.endswith(address))
    page.wait_for_selector(SAVED)
    assert page.input_value("#w-body") == "支部会前十分钟学规矩，后二十分钟解决一个问题。"

    second = page.context.new_page()
    second.goto(address)
    second.locator("#w-body").press_sequentially("另一窗口。")
    second.wait_for_selector(SAVED)
    page.wait_for_selector("text=已换成另一个窗口里更新的内容。")
    assert page.input_value("#w-body").startswith("另一窗口。")
    second.close()

    page.get_by_role("button", name="格式").click()
    page.wait_for_selector(".ProseMirror")
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.evaluate(
        """(html) => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          document.querySelector(".ProseMirror").dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        WORD,
    )
    page.wait_for_selector("text=有 1 张图片没有放进来")
    assert faults(page) == []
    page.wait_for_selector(SAVED)
    page.get_by_role("button", name="发布", exact=True).dblclick()
    page.wait_for_selector("text=已发布。")
    assert page.locator("article.post").count() == 1
    shown = page.locator("article.post .rt").inner_html()
    assert "<strong>先学</strong>规矩" in shown
    assert "<ol><li><p>第一条</p></li><li><p>第二条</p></li></ol>" in shown
    assert "mso" not in shown
    assert page.input_value("#w-body") == ""
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_reply_quote_report_and_the_desk(as_: Callable[..., Any]) -> None:
    address = _open_round(as_, "微党课怎样讲身边事")
    writer = as_("learner", width=390, java_script_enabled=False)
    writer.goto(address)
    writer.fill("#w-body", "短")
    writer.get_by_role("button", name="发布", exact=True).click()
    assert "还差" not in writer.inner_text(".note")
    assert "至少 10 字" in writer.inner_text(".note")
    writer.fill("#w-body", "从身边的一件小事讲起，大家才听得进去。")
    writer.get_by_role("button", name="发布", exact=True).click()
    assert "已发 1 帖，要求 2 帖" in writer.inner_text("main")

    reader = as_("learner2", width=390)
    reader.goto(address)
    landed = reader.evaluate(
        """() => Promise.all([1, 2, 3, 4, 5, 6].map(async () => {
          const body = new FormData(document.querySelector("#write"));
          body.set("body", "六次同时送出的同一帖，只应有一帖。");
          const answer = await fetch(location.pathname, {method: "POST", body});
          return answer.url;
        }))"""
    )
    assert len(set(landed)) == 1
    reader.goto(address)
    assert reader.locator("article.post:has-text('六次同时送出')").count() == 1
    reader.locator("article.post:has-text('从身边的一件小事')").get_by_role("link", name="回帖", exact=True).click()
    reader.get_by_role("link", name="引用", exact=True).first.click()
    reader.fill("#w-body", "同意，我们也这样讲。")
    reader.get_by_role("button", name="发布回帖").click()
    reader.wait_for_selector("text=已回帖。")
    assert "引用 何立新" in reader.inner_text("blockquote.quote")
    assert faults(reader) == []
    reader.get_by_role("link", name="举报", exact=True).first.click()
    reader.fill("#reason", "抄袭他人")
    assert faults(reader) == []
    reader.get_by_role("button", name="提交举报").click()
    reader.wait_for_selector("text=已举报，")

    desk = as_("manager")
    desk.goto(DESK)
    desk.locator("a.low").first.click()
    desk.get_by_role("link", name="回帖 1").click()
    assert faults(desk) == []
    desk.get_by_label("处理意见（支持举报时作者会看到）").fill("没有抄袭")
    desk.get_by_role("button", name="不支持，保留帖子").click()
    desk.wait_for_selector("text=未支持")
    desk.get_by_role("button", name="设为精华").first.click()
    writer.goto(f"{address}?show=featured")
    assert "从身边的一件小事讲起" in writer.inner_text("main")
