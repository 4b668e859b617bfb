"""The first minute of a newcomer, in a real browser before the whole demo."""

import time

import pytest
from playwright.async_api import Page, expect

from bot.demo import Demo
from tests.browser.axe import serious_findings
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


async def fill_required(page: Page) -> None:
    """Write something into each required field of the open form, and send it."""
    for box in await page.locator("dialog[open] [aria-required=true]").all():
        if await box.evaluate("node => node.tagName === 'SELECT'"):
            await box.select_option(index=1)
        elif not await box.input_value():
            await box.fill("not known")
    await page.locator("dialog[open] button[type=submit]").click()


async def test_paste_answer_evidence_escalate_claim_resolve(demo: Demo, open_page: OpenPage) -> None:
    """Only what the page itself suggests is pressed, and each of the six steps ticks itself off."""
    page = await open_page(demo.url)
    done = page.locator(".guide li.done")
    suggested = page.locator(".guide-now .kit-button")

    await suggested.click()
    await page.get_by_role("button", name="Send").first.click()
    answer = page.locator(".thread .by-bot")
    await answer.wait_for()
    await expect(answer).to_contain_text("Who has to act")
    await expect(answer).to_contain_text("zen.spamhaus.org for 192.0.2.44: listed")
    await expect(done).to_have_count(3)

    await suggested.click()
    escalate = answer.locator("[data-action=ticket_escalate]")
    await expect(escalate).to_be_in_viewport()
    await expect(escalate).to_be_focused()
    await escalate.click()
    await page.locator("dialog[open]").wait_for()
    await fill_required(page)
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await expect(done).to_have_count(4)

    await suggested.click()
    await expect(page.locator(".who [aria-checked=true]")).to_contain_text("Bob Tanaka")
    case = page.locator(".main .by-bot").last
    await suggested.click()
    await expect(case.locator("[data-action=ticket_claim]")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(done).to_have_count(5)
    await expect(case).to_contain_text("Bob Tanaka")

    await suggested.click()
    await expect(case.locator("[data-action=ticket_resolve]")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.locator("dialog[open]").wait_for()
    await fill_required(page)

    await expect(done).to_have_count(6)


async def test_the_first_answer_is_there_at_once(demo: Demo, open_page: OpenPage) -> None:
    """From the press on Send to the answer on the page: half a second, in the best of five tries on a busy
    machine."""
    page = await open_page(demo.url)
    seconds = []
    for number in range(5):
        await page.locator("#composer-text").fill(f"550 5.1.1 <x{number}@initech.example>: User unknown")
        began = time.monotonic()
        await page.keyboard.press("Enter")
        await page.locator(".thread .message", has_text=f"x{number}@").first.wait_for()
        await page.locator(".thread .by-bot").first.wait_for()
        seconds.append(time.monotonic() - began)

    assert min(seconds) <= 0.5


async def test_chatter_stays_unanswered(demo: Demo, open_page: OpenPage) -> None:
    """The example that is no bounce is posted, and nobody answers."""
    page = await open_page(demo.url)
    await page.locator(".example[data-cause=not-a-bounce]").click()
    await page.keyboard.press("Enter")
    await page.locator(".example[data-cause=no-such-user]").click()
    await page.keyboard.press("Enter")
    await page.locator(".thread .by-bot").wait_for()

    await expect(page.locator(".main .thread-link")).to_have_count(1)


async def test_a_second_window_sees_it_live(demo: Demo, open_page: OpenPage) -> None:
    """What one person does is on the other's page at once, and counts as unread there."""
    alice = await open_page(demo.url)
    bob = await open_page(demo.url)
    await bob.locator(".who button").nth(1).click()
    await bob.locator(".place", has_text="escalations").click()
    await alice.locator("#composer-text").fill("Is anybody there?")
    await alice.keyboard.press("Enter")

    await expect(bob.locator(".place.new")).to_contain_text("support")
    await bob.locator(".place", has_text="support").click()
    await expect(bob.locator(".main .message-body")).to_have_text("Is anybody there?")


async def test_two_people_work_on_one_case_at_once(demo: Demo, open_page: OpenPage) -> None:
    """Each in a tab of their own: what Bob does in #escalations is in Alice's thread at once, and who comes second is
    told so."""
    alice = await open_page(demo.url)
    bob = await open_page(demo.url)
    await bob.locator(".who button").nth(1).click()
    await bob.locator(".place", has_text="escalations").click()
    await alice.locator("#composer-text").fill("554 5.7.1 <orders@umbrella.example>: Relay access denied")
    await alice.keyboard.press("Enter")
    answer = alice.locator(".thread .by-bot").first
    await answer.locator("[data-action=ticket_escalate]").click()
    await alice.locator("dialog[open]").wait_for()
    await fill_required(alice)
    case = bob.locator(".main .by-bot").first
    await case.locator("[data-action=ticket_claim]").click()
    await expect(alice.locator(".thread .by-bot").last).to_contain_text("Bob Tanaka takes care of ticket 1")
    await case.locator("[data-action=ticket_resolve]").click()
    await bob.locator("dialog[open]").wait_for()
    await expect(alice.locator("dialog[open]")).to_have_count(0)
    await fill_required(bob)
    await expect(alice.locator(".thread .by-bot").last).to_contain_text("resolved")
    await answer.locator("[data-action=ticket_escalate]").click()

    await expect(alice.locator(".thread .ephemeral")).to_contain_text("Ticket 1 is resolved")
    await expect(bob.locator(".ephemeral")).to_have_count(0)


async def test_an_event_that_comes_again_is_answered_once(demo: Demo, open_page: OpenPage) -> None:
    """The bot cannot reach Slack at first: the event comes again with Slack's headers, and the page shows one
    answer."""
    page = await open_page(demo.url)
    slack = demo.slack
    slack.fail("auth.test", status=500)
    await page.locator("#composer-text").fill("550 5.1.1 <x@initech.example>: User unknown")
    await page.keyboard.press("Enter")
    await page.locator(".thread .by-bot").wait_for()
    await slack.settled()
    event = next(each for each in slack.deliveries if each.payload.get("event", {}).get("user") == "U0ALICE")
    await slack.delivery.event_now(event.payload)
    await slack.settled()

    assert [reply.ok for reply in event.replies] == [False, True]
    await expect(page.locator(".main .thread-link")).to_contain_text("1 reply")
    await expect(page.locator(".thread .by-bot")).to_have_count(1)


async def test_a_dropped_mail_is_answered(demo: Demo, open_page: OpenPage) -> None:
    """The example with a file attaches it; sending shares it, and the thread has the answer."""
    page = await open_page(demo.url)
    await page.locator(".example", has_text="undelivered.eml").click()
    await expect(page.locator(".chip")).to_contain_text("undelivered.eml")
    await page.get_by_role("button", name="Send").first.click()

    await expect(page.locator(".main .file")).to_contain_text("undelivered.eml")
    await expect(page.locator(".thread .by-bot")).to_contain_text("Who has to act")


async def test_a_file_dropped_on_the_pane_is_shared(demo: Demo, open_page: OpenPage) -> None:
    """A real drop event with a file in it."""
    page = await open_page(demo.url)
    transfer = await page.evaluate_handle(
        """() => { const data = new DataTransfer();
        data.items.add(new File(["550 5.1.1 <x@initech.example>: User unknown"], "bounce.txt", { type: "text/plain" }));
        return data; }"""
    )
    await page.dispatch_event(".conversation", "dragenter", {"dataTransfer": transfer})
    await expect(page.locator(".drop")).to_be_visible()
    await page.dispatch_event(".conversation", "drop", {"dataTransfer": transfer})

    await expect(page.locator(".main .file")).to_contain_text("bounce.txt")
    await expect(page.locator(".drop")).to_be_hidden()
    await expect(page.locator(".thread .by-bot")).to_contain_text("Who has to act")


async def test_a_direct_message_is_answered(demo: Demo, open_page: OpenPage) -> None:
    """In the direct channel, which the other person does not see."""
    page = await open_page(demo.url)
    await page.locator(".place", has_text="fivefifty").first.click()
    await expect(page.locator("h1")).to_contain_text("fivefifty")
    await page.locator("#composer-text").fill("550 5.1.1 <x@initech.example>: User unknown")
    await page.keyboard.press("Enter")
    await page.locator(".by-bot").first.wait_for()
    await page.locator(".who button").nth(1).click()

    await expect(page.locator(".main .message")).to_have_count(0)


async def test_a_command_answers_its_asker_alone(demo: Demo, open_page: OpenPage) -> None:
    """The completion by keyboard, then an answer that only this person sees."""
    page = await open_page(demo.url)
    await page.locator("#composer-text").press_sequentially("/bounce h")
    await expect(page.locator(".completion [role=option]")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(page.locator("#composer-text")).to_have_value("/bounce help")
    await page.keyboard.press("Enter")
    await expect(page.locator(".ephemeral")).to_contain_text("/bounce")
    await page.locator(".who button").nth(1).click()

    await expect(page.locator(".ephemeral")).to_have_count(0)


async def test_the_bare_command_opens_a_form(demo: Demo, open_page: OpenPage) -> None:
    """/bounce, Enter; the form explains what is typed into it."""
    page = await open_page(demo.url)
    await page.locator("#composer-text").press_sequentially("/bounce")
    await page.keyboard.press("Enter")
    await page.locator("dialog[open] textarea").fill("550 5.1.1 <x@initech.example>: User unknown")
    await page.locator("dialog[open] button[type=submit]").click()

    await expect(page.locator(".ephemeral").last).to_contain_text("Who has to act")


async def test_the_message_menu_diagnoses(demo: Demo, open_page: OpenPage) -> None:
    """The shortcut of the manifest, reached with the keyboard."""
    page = await open_page(demo.url)
    await page.locator("#composer-text").fill("The mail came back, it says mailbox full I think")
    await page.keyboard.press("Enter")
    message = page.locator(".main .message").last
    await message.hover()
    await message.get_by_role("button", name="More actions").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem").first).to_be_focused()
    await expect(page.get_by_role("menuitem").first).to_contain_text("Diagnose bounce")
    await page.keyboard.press("Enter")

    await expect(page.locator(".main .thread-link, .main .ephemeral").first).to_be_visible()


async def test_the_look_ups_can_be_switched(demo: Demo, open_page: OpenPage) -> None:
    """Real DNS and back, shown on the page and used by the bot."""
    page = await open_page(demo.url)
    asker = demo.app.services.asker
    built_in = asker.resolver  # type: ignore[attr-defined] # the demo's asker is the real one
    await page.get_by_role("button", name="Real DNS").click()
    await expect(page.get_by_role("button", name="Real DNS")).to_have_attribute("aria-pressed", "true")
    real = asker.resolver  # type: ignore[attr-defined] # the demo's asker is the real one
    await page.get_by_role("button", name="Built-in zone").click()
    await expect(page.get_by_role("button", name="Built-in zone")).to_have_attribute("aria-pressed", "true")

    assert real is not built_in
    assert asker.resolver is built_in  # type: ignore[attr-defined] # the demo's asker is the real one


async def test_a_magnifying_glass_asks_for_an_answer(demo: Demo, open_page: OpenPage) -> None:
    """The reaction in the hover bar, on a message that was not answered by itself."""
    page = await open_page(demo.url)
    await page.locator("#composer-text").fill("It says mailbox full, what now?")
    await page.keyboard.press("Enter")
    message = page.locator(".main .message").last
    await message.hover()
    await message.get_by_role("button", name="Look into this").click()

    await expect(message.locator(".reaction")).to_have_attribute("aria-pressed", "true")
    await expect(message.locator(".thread-link")).to_contain_text("1 reply")


HOSTILE = (
    "550 5.1.1 <script>document.title='owned'</script> <img src=x onerror=alert(1)>@initech.example <!channel>"
    " <@U0BOB> *bold* `code` javascript:alert(1) <https://evil.example|https://bank.example>: User unknown"
)


async def test_a_hostile_bounce_is_answered_and_inert(demo: Demo, open_page: OpenPage) -> None:
    """The answer quotes it letter by letter: no mark-up, no script, nobody called, no disguised link."""
    page = await open_page(demo.url)
    await page.locator("#composer-text").fill(HOSTILE)
    await page.keyboard.press("Enter")
    answer = page.locator(".thread .by-bot").first
    await answer.wait_for()
    await demo.slack.settled()
    bot = [post for post in demo.slack.messages("support") if post.user == demo.slack.team.bot_user_id]

    assert bot
    assert [post.mentions for post in bot] == [[] for _ in bot]
    assert await page.title() == "fivefifty playground"
    assert await page.locator(".thread").locator("script, img, iframe").count() == 0
    assert await answer.locator("a[href*='evil']").count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_the_bots_screens_are_accessible(demo: Demo, open_page: OpenPage, dark: bool) -> None:
    """axe-core finds nothing serious in examples, answer, each form, case, command answers, direct message,
    Home tab and small window."""
    page = await open_page(demo.url, dark=dark)
    findings = {"examples": await serious_findings(page)}
    await page.locator(".example").first.click()
    await page.keyboard.press("Enter")
    answer = page.locator(".thread .by-bot").first
    await answer.locator("[data-action=evidence_show]").wait_for()
    await expect(answer).not_to_contain_text("Looking up DNS")
    findings["answer"] = await serious_findings(page)
    for action in ("evidence_show", "diagnosis_wrong", "reply_draft", "ticket_escalate"):
        await answer.locator(f"[data-action={action}]").click()
        await page.locator("dialog[open]").wait_for()
        findings[action] = await serious_findings(page)
        if action != "ticket_escalate":
            await page.keyboard.press("Escape")
            await expect(page.locator("dialog[open]")).to_have_count(0)
    await fill_required(page)
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.locator(".who button").nth(1).click()
    await page.locator(".place", has_text="escalations").click()
    await page.locator(".main [data-action=ticket_resolve]").wait_for()
    findings["case"] = await serious_findings(page)
    await page.locator(".main [data-action=ticket_claim]").click()
    await expect(page.locator(".main [data-action=ticket_hand_over]")).to_have_count(1)
    for action in ("ticket_note", "ticket_hand_over", "ticket_link", "ticket_resolve"):
        await page.locator(f".main [data-action={action}]").click()
        await page.locator("dialog[open]").wait_for()
        findings[action] = await serious_findings(page)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    for command in ("help", "explain 5.7.26", "check acme.example", "watch acme.example", "watch", "stats"):
        before = await page.locator(".ephemeral").count()
        await page.locator("#composer-text").fill(f"/bounce {command}")
        await page.keyboard.press("Enter")
        await expect(page.locator(".ephemeral")).to_have_count(before + 1)
    findings["command answers"] = await serious_findings(page)
    for command in ("/bounce", "/bounce check"):
        await page.locator("#composer-text").fill(command)
        await page.keyboard.press("Enter")
        await page.locator("dialog[open]").wait_for()
        findings[command] = await serious_findings(page)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    for command in ("ticket 1", "tickets", "settings"):
        await page.locator("#composer-text").fill(f"/bounce {command}")
        await page.keyboard.press("Enter")
        await page.locator("dialog[open], .ephemeral").last.wait_for()
        findings[command] = await serious_findings(page)
    await page.locator("dialog[open]").wait_for()
    await page.keyboard.press("Escape")
    await page.locator(".place", has_text="home").click()
    await page.locator(".home h3").first.wait_for()
    findings["home"] = await serious_findings(page)
    await page.locator(".place", has_text="fivefifty").first.click()
    await page.locator("#composer-text").fill("550 5.1.1 <x@initech.example>: User unknown")
    await page.keyboard.press("Enter")
    await page.locator(".by-bot").first.wait_for()
    findings["direct message"] = await serious_findings(page)
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.locator(".side").get_by_role("button", name="Close", exact=True).click()
    await page.get_by_role("button", name="Show channels").click()
    findings["small window"] = await serious_findings(page)

    assert [f"{screen}: {each}" for screen, found in findings.items() for each in found] == []
