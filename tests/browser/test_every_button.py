"""Every button and form of the bot, pressed in a real browser before the whole demo."""

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo import Demo
from tests.browser.conftest import OpenPage
from tests.browser.test_first_minute import fill_required

pytestmark = pytest.mark.browser

BOUNCE = "554 5.7.1 <orders@umbrella.example>: Relay access denied"


async def ask(page: Page) -> Locator:
    """Paste a bounce; return the finished answer in the open thread."""
    await page.locator("#composer-text").fill(BOUNCE)
    await page.keyboard.press("Enter")
    answer = page.locator(".thread .by-bot").first
    await answer.locator("[data-action=evidence_show]").wait_for()
    return answer


async def escalate(page: Page, answer: Locator) -> Locator:
    """Escalate the answer; return the case in #escalations, seen by Bob."""
    await answer.locator("[data-action=ticket_escalate]").click()
    await page.locator("dialog[open]").wait_for()
    await fill_required(page)
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.locator(".who button").nth(1).click()
    await page.locator(".place", has_text="escalations").click()
    return page.locator(".main .by-bot").first


async def send_form(page: Page) -> None:
    """Fill in what the open form asks for and send it; it closes without complaint."""
    await page.locator("dialog[open]").wait_for()
    await fill_required(page)
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await expect(page.locator(".toast")).to_have_count(0)


async def test_this_solved_it(demo: Demo, open_page: OpenPage) -> None:
    """The thread says that the ticket is resolved, and the ticket can be opened again from its list."""
    page = await open_page(demo.url)
    answer = await ask(page)
    await answer.locator("[data-action=diagnosis_solved]").click()
    await expect(page.locator(".thread .by-bot").last).to_contain_text("resolved", ignore_case=True)
    await page.locator("#composer-text").fill("/bounce ticket 1")
    await page.keyboard.press("Enter")
    reopen = page.locator(".main [data-action=ticket_reopen]").last
    await reopen.click()

    await expect(page.locator(".thread .by-bot").last).to_contain_text("reopened", ignore_case=True)


async def test_not_right(demo: Demo, open_page: OpenPage) -> None:
    """The form for a better cause is sent."""
    page = await open_page(demo.url)
    answer = await ask(page)
    await answer.locator("[data-action=diagnosis_wrong]").click()

    await send_form(page)


async def test_draft_reply(demo: Demo, open_page: OpenPage) -> None:
    """A draft for each reader; choosing another reader writes another draft in place."""
    page = await open_page(demo.url)
    answer = await ask(page)
    await answer.locator("[data-action=reply_draft]").click()
    form = page.locator("dialog[open]")
    draft = form.locator("textarea")
    first = await draft.input_value()
    chooser = form.locator("select").first
    await chooser.select_option(index=await chooser.locator("option").count() - 1)
    await expect(draft).not_to_have_value(first)

    await send_form(page)


async def test_show_evidence(demo: Demo, open_page: OpenPage) -> None:
    """What was looked up, from the built-in zone."""
    page = await open_page(demo.url)
    answer = await ask(page)
    await answer.locator("[data-action=evidence_show]").click()
    form = page.locator("dialog[open]")
    await expect(form).to_contain_text("mx.newhost.example")
    await form.get_by_role("button", name="Close").last.click()

    await expect(form).to_have_count(0)


async def test_claim_note_resolve_reopen(demo: Demo, open_page: OpenPage) -> None:
    """The life of a case in #escalations."""
    page = await open_page(demo.url)
    case = await escalate(page, await ask(page))
    await case.locator("[data-action=ticket_note]").click()
    await send_form(page)
    await case.locator("[data-action=ticket_claim]").click()
    await expect(case.locator("[data-action=ticket_claim]")).to_have_count(0)
    await case.locator("[data-action=ticket_resolve]").click()
    await send_form(page)
    await case.locator("[data-action=ticket_reopen]").click()

    await expect(case.locator("[data-action=ticket_resolve]")).to_have_count(1)


async def test_the_thread_is_a_click_away(demo: Demo, open_page: OpenPage) -> None:
    """The link of a case leads to the thread where it was asked, on this page."""
    page = await open_page(demo.url)
    case = await escalate(page, await ask(page))
    await case.get_by_role("link", name="Open the thread").click()

    await expect(page.locator("h1")).to_contain_text("support")
    await expect(page.locator(".thread .message").first).to_contain_text("Relay access denied")


async def test_settings(demo: Demo, open_page: OpenPage) -> None:
    """An administrator saves the form; it opens again with what was saved."""
    page = await open_page(demo.url)
    await page.locator(".who button").nth(1).click()
    for saved in (False, True):
        await page.locator("#composer-text").fill("/bounce settings")
        await page.keyboard.press("Enter")
        form = page.locator("dialog[open]")
        channel = form.get_by_label("Escalations go to")
        await expect(channel).to_have_value("C0ESCALATIONS" if saved else "")
        await channel.select_option("C0ESCALATIONS")
        await send_form(page)


@pytest.mark.parametrize(
    "command",
    ["help", "explain 5.7.26", "explain 550", "check deals.example", "tickets", "ticket 1", "stats", BOUNCE],
)
async def test_each_command_answers(demo: Demo, open_page: OpenPage, command: str) -> None:
    """An answer to the asker alone, without a complaint."""
    page = await open_page(demo.url)
    await ask(page)
    await page.locator("#composer-text").fill(f"/bounce {command}")
    await page.keyboard.press("Enter")
    answer = page.locator(".ephemeral, dialog[open]").first
    await expect(answer).to_be_visible()

    await expect(answer).not_to_contain_text("failed with the error")
    await expect(page.locator(".toast")).to_have_count(0)


async def test_the_home_tab_lists_tickets(demo: Demo, open_page: OpenPage) -> None:
    """With a button that shows one."""
    page = await open_page(demo.url)
    await ask(page)
    await page.locator(".place", has_text="home").click()
    await page.locator(".home").get_by_role("button", name="Show").first.click()

    await expect(page.locator("dialog[open], .toast")).to_have_count(1)
    await expect(page.locator(".toast")).to_have_count(0)
