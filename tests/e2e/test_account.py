"""An account in a real browser: a link from the class manager, a passkey instead of a password, a second factor; every page of
the account by axe at both widths, in large text and in the dark.
"""

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from e2e.sound import faults
from e2e.visitor import PASSWORD

pytestmark = pytest.mark.browser
As = Callable[..., Any]
PAGES = (
    "/me", "/me/password", "/me/phone", "/me/email", "/me/second-factor", "/me/sessions", "/me/export", "/me/erase",
    "/first/notice", "/first/profile",
)  # fmt: skip
OTHER_MANAGER = "10000000006"


def sound(page: Any, address: str) -> None:
    """No violation of WCAG 2.2 AA, no sideways scroll, nothing tappable too small."""
    page.goto(address)
    assert faults(page, "best-practice") == []


def authenticator(page: Any) -> Any:
    """A device that holds passkeys and verifies its user, inside the browser; (session, id)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_a_link_then_a_passkey_and_no_password_ever(as_: As, site: str) -> None:
    manager = as_("manager")
    manager.goto("/classes/small-2017/invites")
    manager.locator("table form button").last.click()
    link = manager.locator("main a[href*='/invite/']").first.get_attribute("href")
    assert re.fullmatch(rf"{site}/invite/[\w-]+", link)

    phone = as_("", width=390, has_touch=True)
    authenticator(phone)
    sound(phone, link)
    phone.get_by_role("button", name="开始").click()
    phone.wait_for_url("**/first/credential")
    sound(phone, "/first/credential")
    phone.get_by_label("显示密码").check()
    assert phone.get_attribute("[name=password]", "type") == phone.get_attribute("[name=again]", "type") == "text"
    phone.get_by_label("显示密码").uncheck()
    assert phone.get_attribute("[name=password]", "type") == "password"
    phone.fill("[name=label]", "我的手机")
    phone.get_by_role("button", name="添加通行密钥").click()
    phone.wait_for_url(f"{site}/my/classes/small-2017")
    phone.goto("/me/second-factor")
    assert phone.get_by_text("我的手机").is_visible()

    phone.goto("/me")
    phone.get_by_role("button", name="退出登录").click()
    phone.wait_for_url("**/sign-in*")
    phone.get_by_role("button", name="用通行密钥登录").click()
    phone.wait_for_url(f"{site}/my/classes/small-2017")
    phone.goto("/me/sessions")
    assert phone.get_by_text("这台设备").is_visible()


def test_staff_set_up_a_second_factor_and_give_it_at_the_next_sign_in(as_: As, site: str) -> None:
    page = as_("")

    def password() -> None:
        page.goto("/sign-in")
        page.fill("[name=phone]", OTHER_MANAGER)
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()

    password()
    page.wait_for_url(f"{site}/")
    page.goto("/me/second-factor")
    page.get_by_role("button", name="用手机验证器应用设置").click()
    secret = page.locator(".secret").inner_text()
    assert page.locator(".qr svg").is_visible()
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="核对，完成设置").click()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    page.context.clear_cookies()

    password()
    page.wait_for_url("**/sign-in/second-factor")
    sound(page, "/sign-in/second-factor")
    page.goto("/staff/classes/other-2017/")
    page.wait_for_url("**/sign-in/second-factor")
    page.fill("[name=code]", "000000")
    page.get_by_role("button", name="验证并进入").click()
    assert page.get_by_role("alert").first.is_visible()
    page.fill("[name=code]", codes[0])
    page.get_by_role("button", name="验证并进入").click()
    page.wait_for_url(f"{site}/")
    sound(page, "/staff/classes/other-2017/corrections")


@pytest.mark.parametrize(("width", "theme", "size"), [(390, "dark", "large"), (1440, "light", "normal")])
def test_every_page_of_the_account_is_sound(as_: As, site: str, width: int, theme: str, size: str) -> None:
    page = as_("learner", width=width)
    page.context.add_cookies([{"name": n, "value": v, "url": site} for n, v in (("theme", theme), ("size", size))])
    for address in PAGES:
        sound(page, address)
    page.context.clear_cookies(name="session")
    for address in (
        "/sign-in",
        "/sign-in/forgot",
        "/sign-in/recovery",
        "/invite/ask",
        "/mail/nothing",
        "/invite/nothing",
    ):
        sound(page, address)
