"""Every button and form of the bot, pressed in a real browser before the whole demo."""

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo import Demo
from tests.browser.conftest import OpenPage
from tests.browser.pressing import claimed, listened
from tests.browser.test_first_minute import fill_required

pytestmark = pytest.mark.browser

BOUNCE = "554 5.7.1 <orders@umbrella.example>: Relay access denied"


LISTED = (
    "554 5.7.1 <purchasing@globex.example>: Service unavailable; Client host [192.0.2.44] blocked using"
    " zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.44"
)


async def type_in(page: Page, text: str) -> None:
    """Type into the message box and send."""
    await page.locator("#composer-text").fill(text)
    await page.keyboard.press("Enter")


async def become_bob(page: Page) -> None:
    """Switch to the colleague, who is an administrator."""
    await page.locator(".who button").nth(1).click()


async def ask(page: Page, bounce: str = BOUNCE) -> Locator:
    """Paste a bounce; return the answer in the open thread, which the look-ups may still complete."""
    await type_in(page, bounce)
    answer = page.locator(".thread .by-bot").first
    await answer.wait_for()
    return answer


async def escalate(page: Page, answer: Locator) -> Locator:
    """Escalate the answer; return the case in #escalations, seen by Bob."""
    await answer.locator("[data-action=ticket_escalate]").click()
    await page.locator("dialog[open]").wait_for()
    await fill_required(page)
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await become_bob(page)
    await page.locator(".place", has_text="escalations").click()
    return page.locator(".main .by-bot").first


async def send_form(page: Page) -> None:
    """Fill in what the open form asks for and send it; it closes without complaint."""
    await page.locator("dialog[open]").wait_for()
    await fill_required(page)
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.presses("diagnosis_solved", "ticket_reopen")
async def test_this_solved_it(demo: Demo, open_page: OpenPage) -> None:
    """The thread says that the ticket is resolved, and the ticket can be opened again from its list."""
    page = await open_page(demo.url)
    answer = await ask(page)
    await answer.locator("[data-action=diagnosis_solved]").click()
    await expect(page.locator(".thread .by-bot").last).to_contain_text("resolved", ignore_case=True)
    await type_in(page, "/bounce ticket 1")
    reopen = page.locator(".main [data-action=ticket_reopen]").last
    await reopen.click()

    await expect(page.locator(".thread .by-bot").last).to_contain_text("reopened", ignore_case=True)


@pytest.mark.presses("diagnosis_wrong", "correct_form", "correction_confirm")
async def test_not_right(demo: Demo, open_page: OpenPage) -> None:
    """The form for a better cause is sent, and a colleague makes it the rule for this wording."""
    page = await open_page(demo.url)
    answer = await ask(page)
    await answer.locator("[data-action=diagnosis_wrong]").click()
    await send_form(page)
    await become_bob(page)
    await type_in(page, "/bounce ticket 1")
    await page.locator(".ephemeral [data-action=correction_confirm]").click()

    await expect(page.locator(".ephemeral").last).to_contain_text("From now on")


@pytest.mark.presses("ticket_part")
async def test_not_the_same_case(demo: Demo, open_page: OpenPage) -> None:
    """The same bounce pasted by a colleague joins the ticket; one press gives it a ticket of its own."""
    page = await open_page(demo.url)
    await ask(page)
    await become_bob(page)
    second = await ask(page)
    await expect(second).to_contain_text("joins ticket 1")
    await second.locator("[data-action=ticket_part]").click()

    await expect(second).to_contain_text("Ticket 2")
    await expect(second.locator("[data-action=ticket_part]")).to_have_count(0)


@pytest.mark.presses("reply_draft", "reply_letter", "reply_form")
async def test_draft_reply(demo: Demo, open_page: OpenPage) -> None:
    """A draft for each reader; choosing another reader writes another draft in place."""
    page = await open_page(demo.url)
    answer = await ask(page)
    await answer.locator("[data-action=reply_draft]").click()
    form = page.locator("dialog[open]")
    draft = form.locator("textarea").first
    first = await draft.input_value()
    chooser = form.locator("select").first
    await chooser.select_option(index=await chooser.locator("option").count() - 1)
    await expect(draft).not_to_have_value(first)

    await send_form(page)


@pytest.mark.presses("evidence_show")
async def test_show_evidence(demo: Demo, open_page: OpenPage) -> None:
    """What was looked up, from the built-in zone."""
    page = await open_page(demo.url)
    answer = await ask(page)
    button = answer.locator("[data-action=evidence_show]")
    await expect(button).to_contain_text("evidence")  # before the look-ups are in, it has only what to click
    await button.click()
    form = page.locator("dialog[open]")
    await expect(form).to_contain_text("mx.newhost.example")
    await form.get_by_role("button", name="Close").last.click()

    await expect(form).to_have_count(0)


@pytest.mark.presses(
    "ticket_escalate",
    "escalate_form",
    "ticket_note",
    "note_form",
    "ticket_claim",
    "ticket_hand_over",
    "hand_over_form",
    "ticket_resolve",
    "resolve_cause",
    "resolve_form",
    "ticket_reopen",
)
async def test_claim_note_hand_over_resolve_reopen(demo: Demo, open_page: OpenPage) -> None:
    """The life of a case in #escalations."""
    page = await open_page(demo.url)
    case = await escalate(page, await ask(page))
    await case.locator("[data-action=ticket_note]").click()
    await send_form(page)
    await case.locator("[data-action=ticket_claim]").click()
    await expect(case.locator("[data-action=ticket_claim]")).to_have_count(0)
    await case.locator("[data-action=ticket_hand_over]").click()
    await page.get_by_label("Who takes it?").select_option("U0ALICE")
    await send_form(page)
    await expect(case).to_contain_text("Claimed by @Alice Moreau")
    await case.locator("[data-action=ticket_resolve]").click()
    helped = page.get_by_label("What helped?")
    steps = await helped.text_content()
    await page.get_by_label("What was it really?").select_option("mailbox-full")
    await expect(helped).not_to_have_text(steps or "")
    await send_form(page)
    await case.locator("[data-action=ticket_reopen]").click()

    await expect(case.locator("[data-action=ticket_resolve]")).to_have_count(1)


@pytest.mark.presses("ticket_link", "link_form")
async def test_a_ticket_outside(demo: Demo, open_page: OpenPage) -> None:
    """A wrong address is refused at its field; a right one becomes a link on the case, and can go again."""
    page = await open_page(demo.url)
    case = await escalate(page, await ask(page))
    form = page.locator("dialog[open]")
    address = form.get_by_label("Ticket in another system")
    await case.locator("[data-action=ticket_link]").click()
    await address.fill("HELP-17")
    await form.locator("button[type=submit]").click()
    await expect(form.locator(".has-fault")).to_contain_text("valid URL")
    await address.fill("https://help.acme.example/browse/HELP-17")
    await send_form(page)
    link = case.get_by_role("link", name="Outside ticket")
    await expect(link).to_have_attribute("href", "https://help.acme.example/browse/HELP-17")
    await case.locator("[data-action=ticket_link]").click()
    await expect(address).to_have_value("https://help.acme.example/browse/HELP-17")
    await address.fill("")
    await send_form(page)

    await expect(link).to_have_count(0)


@pytest.mark.presses("blocklist_watch", "watch_cancel")
async def test_tell_me_when_delisted(demo: Demo, open_page: OpenPage) -> None:
    """The watch is set from the answer, told to its asker alone, listed, and cancelled from the list."""
    page = await open_page(demo.url)
    answer = await ask(page, LISTED)
    button = answer.locator("[data-action=blocklist_watch]")
    await expect(button).to_have_text("Tell me when delisted")
    await button.click()
    await expect(page.locator(".thread .ephemeral")).to_contain_text("I look at 192.0.2.44 every hour")
    await type_in(page, "/bounce watch")
    listing = page.locator(".main .ephemeral").last
    await expect(listing).to_contain_text("192.0.2.44")
    await listing.locator("[data-action=watch_cancel]").click()

    await expect(listing).to_contain_text("Nothing is watched here")


async def test_the_thread_is_a_click_away(demo: Demo, open_page: OpenPage) -> None:
    """The link of a case leads to the thread where it was asked, on this page."""
    page = await open_page(demo.url)
    case = await escalate(page, await ask(page))
    await case.get_by_role("link", name="Open the thread").click()

    await expect(page.locator("h1")).to_contain_text("support")
    await expect(page.locator(".thread .message").first).to_contain_text("Relay access denied")


@pytest.mark.presses("settings_form")
async def test_settings(demo: Demo, open_page: OpenPage) -> None:
    """An administrator saves the form; it opens again with what was saved."""
    page = await open_page(demo.url)
    await become_bob(page)
    for saved in (False, True):
        await type_in(page, "/bounce settings")
        form = page.locator("dialog[open]")
        channel = form.get_by_label("Escalations go to")
        await expect(channel).to_have_value("C0ESCALATIONS" if saved else "")
        await channel.select_option("C0ESCALATIONS")
        await send_form(page)


@pytest.mark.parametrize(
    "command",
    [
        "help",
        "explain 5.7.26",
        "explain 550",
        "check deals.example",
        "tickets",
        "ticket 1",
        "stats",
        "watch",
        "watch acme.example",
    ],
)
async def test_each_command_answers(demo: Demo, open_page: OpenPage, command: str) -> None:
    """An answer to the asker alone, without a complaint."""
    page = await open_page(demo.url)
    await ask(page)
    await type_in(page, f"/bounce {command}")
    answer = page.locator(".ephemeral, dialog[open]").first
    await expect(answer).to_be_visible()

    await expect(answer).not_to_contain_text("failed with the error")
    await expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.presses("diagnose_form", "answer_share")
async def test_an_answer_for_oneself_is_shared(demo: Demo, open_page: OpenPage) -> None:
    """The form of /bounce explains to the asker alone; one press and everybody in the channel has it."""
    page = await open_page(demo.url)
    await type_in(page, "/bounce")
    await page.locator("dialog[open] textarea").fill(BOUNCE)
    await send_form(page)
    await page.locator(".main .ephemeral [data-action=answer_share]").click()
    await page.locator(".main .by-bot:not(.ephemeral)").wait_for()
    await become_bob(page)

    await expect(page.locator(".main .by-bot")).to_contain_text("Who has to act")


@pytest.mark.presses("check_form")
async def test_several_targets_are_checked_by_a_form(demo: Demo, open_page: OpenPage) -> None:
    """/bounce check alone opens it; a line for each target comes back, to the asker alone."""
    page = await open_page(demo.url)
    await type_in(page, "/bounce check")
    await page.locator("dialog[open] textarea").fill("acme.example\njane@gmial.com")
    await send_form(page)
    said = page.locator(".main .ephemeral").last
    await expect(said).to_contain_text("2 checked")
    await expect(said).to_contain_text("acme.example")

    await expect(said).to_contain_text("jane@gmial.com")


@pytest.mark.presses("diagnose_bounce")
async def test_the_shortcut_in_the_message_menu(demo: Demo, open_page: OpenPage) -> None:
    """A message that was not answered by itself is answered in its thread."""
    page = await open_page(demo.url)
    await type_in(page, "The mail came back, it says mailbox full I think")
    message = page.locator(".main .message").last
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Diagnose bounce").click()

    await expect(message.locator(".thread-link")).to_contain_text("1 reply")


@pytest.mark.presses("ticket_page", "ticket_open")
async def test_the_list_of_tickets_has_pages(demo: Demo, open_page: OpenPage) -> None:
    """Older ones come in place of the newer ones, and each ticket can be shown."""
    page = await open_page(demo.url)
    for number in range(11):
        await demo.slack.post("alice", "support", BOUNCE.replace("orders", f"orders{number}"))
    await demo.slack.settled()
    await expect(page.locator(".main .thread-link")).to_have_count(11)
    await type_in(page, "/bounce tickets")
    listing = page.locator(".main .ephemeral").last
    await listing.locator("[data-action=ticket_page]").click()
    await expect(listing.locator("[data-action=ticket_open]")).to_have_count(1)
    await listing.locator("[data-action=ticket_open]").click()

    await expect(page.locator("dialog[open]")).to_contain_text("Ticket 1: ")


@pytest.mark.presses("ticket_open", "home_refresh")
async def test_the_home_tab_lists_tickets(demo: Demo, open_page: OpenPage) -> None:
    """Each with a button that shows it; what has come meanwhile is there after a refresh."""
    page = await open_page(demo.url)
    await page.locator(".place", has_text="home").click()
    home = page.locator(".home")
    await expect(home).to_contain_text("None. Well done.")
    post = await demo.slack.post("bob", "support", BOUNCE)
    await demo.slack.wait_for(lambda: demo.slack.replies(post), 30)
    await home.locator("[data-action=home_refresh]").click()
    await home.locator("[data-action=ticket_open]").first.click()

    await expect(page.locator("dialog[open]")).to_contain_text("orders@umbrella.example")
    await expect(page.locator(".toast")).to_have_count(0)


def test_no_button_and_no_form_is_left_out() -> None:
    """Every action, form and shortcut that the bot listens to is pressed by a test in this folder."""
    assert listened() - claimed() == set()


def test_no_test_claims_what_the_bot_has_not() -> None:
    """A button that is gone is gone from the tests, too."""
    assert claimed() - listened() == set()
