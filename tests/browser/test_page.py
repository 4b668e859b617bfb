"""The page by itself: every block and element, forms, menus, keyboard, hostile text, both colours."""

import asyncio
import time
from typing import Any

import pytest
from playwright.async_api import expect

from bot.playground.workspace import Workspace
from tests.browser.axe import serious_findings
from tests.browser.conftest import Kitchen, OpenPage

pytestmark = pytest.mark.browser


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, **more: Any) -> dict[str, Any]:
    return {"text": plain(text), "value": value, **more}


def field(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": element["action_id"],
        "label": plain(label),
        "element": element,
        "optional": True,
        **more,
    }


TWO = [option("One", "1"), option("Two", "2", description=plain("the second"))]
CONFIRM = {
    "title": plain("Sure?"),
    "text": mrkdwn("*Really* sure?"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
    "style": "danger",
}
EVERY_BLOCK: list[dict[str, Any]] = [
    {"type": "header", "text": plain("A header")},
    {
        "type": "section",
        "text": mrkdwn("*bold* _italic_ ~gone~ `code` <https://example.org/|a link> <@U0BOB>"),
    },
    {
        "type": "section",
        "fields": [mrkdwn("*Left*\nfirst"), mrkdwn("*Right*\nsecond")],
        "accessory": {
            "type": "overflow",
            "action_id": "overflow",
            "options": [option("Open", "open"), option("Forget", "forget")],
            "confirm": CONFIRM,
        },
    },
    {"type": "divider"},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "Rich ", "style": {"bold": True}},
                    {"type": "link", "url": "https://example.org/", "text": "link"},
                    {"type": "user", "user_id": "U0ALICE"},
                    {"type": "channel", "channel_id": "C0ESCALATIONS"},
                    {"type": "emoji", "name": "mag"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "first step"}]},
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "second step"}]},
                ],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "550 5.1.1"}]},
        ],
    },
    {
        "type": "image",
        "image_url": "https://example.org/x.png",
        "alt_text": "a chart",
        "title": plain("Chart"),
    },
    {"type": "context", "elements": [mrkdwn("small print"), plain("and more")]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "go", "value": "7", "text": plain("Go"), "style": "primary"},
            {
                "type": "button",
                "action_id": "drop",
                "text": plain("Drop"),
                "style": "danger",
                "confirm": CONFIRM,
            },
            {
                "type": "static_select",
                "action_id": "pick",
                "placeholder": plain("Pick one"),
                "options": TWO,
            },
            {"type": "users_select", "action_id": "person", "placeholder": plain("A person")},
            {"type": "datepicker", "action_id": "day", "placeholder": plain("A day")},
        ],
    },
]
EVERY_INPUT: dict[str, Any] = {
    "type": "modal",
    "callback_id": "every",
    "title": plain("Every input"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "blocks": [
        field(
            "Line", {"type": "plain_text_input", "action_id": "line"}, optional=False, hint=plain("A hint")
        ),
        field("Lines", {"type": "plain_text_input", "action_id": "lines", "multiline": True}),
        field("Number", {"type": "number_input", "action_id": "number", "is_decimal_allowed": False}),
        field("Mail", {"type": "email_text_input", "action_id": "mail"}),
        field("Choice", {"type": "static_select", "action_id": "choice", "options": TWO}),
        field("Person", {"type": "users_select", "action_id": "person"}),
        field("Channel", {"type": "channels_select", "action_id": "channel"}),
        field(
            "Conversation",
            {"type": "conversations_select", "action_id": "talk", "filter": {"include": ["public"]}},
        ),
        field("People", {"type": "multi_users_select", "action_id": "people"}),
        field(
            "Checks",
            {"type": "checkboxes", "action_id": "checks", "options": TWO, "initial_options": TWO[:1]},
        ),
        field("Radio", {"type": "radio_buttons", "action_id": "radio", "options": TWO}),
        field("Day", {"type": "datepicker", "action_id": "day"}),
        field("Time", {"type": "timepicker", "action_id": "time"}),
    ],
}


async def say(slack: Workspace, blocks: list[dict[str, Any]], text: str = "words") -> None:
    """The bot posts blocks into #support."""
    team = slack.team
    slack.world.post(
        team, team.channel("support"), bot=slack.world.bot_author(team), text=text, blocks=blocks
    )


def open_form(slack: Workspace, view: dict[str, Any], user: str = "U0ALICE") -> None:
    slack.acting.open_view(slack.team, slack.acting.trigger(slack.team, user), view)


async def actions(kitchen: Kitchen, count: int) -> list[dict[str, Any]]:
    """The first actions that the bot was told of, once there are so many."""

    def told() -> list[dict[str, Any]] | None:
        found = [each["actions"][0] for each in kitchen.heard if each.get("type") == "block_actions"]
        return found if len(found) >= count else None

    for _ in range(100):
        if (found := told()) is not None:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"the bot heard {kitchen.heard}")


async def test_every_block_is_shown_as_what_it_is(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Headers, marks, lists, quotes, code, links and mentions become their own elements."""
    await say(kitchen.slack, EVERY_BLOCK)
    page = await open_page(kitchen.slack.url)
    message = page.locator(".main .by-bot")

    for selector, words in {
        "h3": "A header",
        "strong >> nth=0": "bold",
        "em": "italic",
        "s": "gone",
        "code": "code",
        "a[href='https://example.org/'] >> nth=0": "a link",
        ".mention >> nth=0": "@Bob Tanaka",
        "ol li >> nth=1": "second step",
        "blockquote": "quoted",
        "pre": "550 5.1.1",
        "figure .picture": "a chart",
        ".block-context": "small print",
        ".section-fields > div >> nth=1": "Right",
    }.items():
        await expect(message.locator(selector)).to_contain_text(words)
    await expect(message.locator("hr")).to_have_count(1)
    await expect(page.locator(".block-unknown")).to_have_count(0)


async def test_buttons_selects_and_menus_tell_the_bot(kitchen: Kitchen, open_page: OpenPage) -> None:
    """A button, a confirmed button, one that is not confirmed, a select, an overflow menu, a date."""
    await say(kitchen.slack, EVERY_BLOCK)
    page = await open_page(kitchen.slack.url)
    message = page.locator(".main .by-bot")
    await message.locator("[data-action=go]").click()
    await message.locator("[data-action=drop]").click()
    await page.get_by_role("button", name="No", exact=True).click()
    await message.locator("[data-action=drop]").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Really sure?")
    await page.get_by_role("button", name="Yes", exact=True).click()
    await actions(kitchen, 2)
    await message.locator("[data-action=pick]").select_option("2")
    await message.locator("[data-action=person]").select_option("U0BOB")
    await message.locator("[data-action=day]").fill("2026-11-24")
    await actions(kitchen, 5)
    await message.locator("[data-action=overflow]").click()
    await page.get_by_role("menuitem", name="Forget").click()
    await page.get_by_role("button", name="Yes", exact=True).click()
    told = await actions(kitchen, 6)

    assert [each["action_id"] for each in told] == ["go", "drop", "pick", "person", "day", "overflow"]
    assert told[0]["value"] == "7"
    assert told[2]["selected_option"]["value"] == "2"
    assert told[3]["selected_user"] == "U0BOB"
    assert told[4]["selected_date"] == "2026-11-24"
    assert told[5]["selected_option"]["value"] == "forget"


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
async def test_a_button_is_kept_while_it_is_pressed(kitchen: Kitchen, open_page: OpenPage, by: str) -> None:
    """The message is replaced between the way down and the way up: the press counts, and then the message is new."""
    await say(kitchen.slack, EVERY_BLOCK)
    page = await open_page(kitchen.slack.url)
    button = page.locator(".main .by-bot [data-action=go]")
    await button.hover()
    await button.focus()
    await (page.mouse.down() if by == "mouse" else page.keyboard.down("Space"))
    post = kitchen.slack.messages("support")[0]
    kitchen.slack.world.update(kitchen.slack.team, post.body, {"text": "new", "blocks": EVERY_BLOCK})
    await kitchen.slack.post("bob", "support", "heard after it")
    await page.wait_for_timeout(200)
    await (page.mouse.up() if by == "mouse" else page.keyboard.up("Space"))
    told = await actions(kitchen, 1)

    assert told[0]["action_id"] == "go"
    await expect(page.locator(".main .message-body").last).to_have_text("heard after it")


async def test_every_input_of_a_form_is_sent(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Filled in by label, submitted, and the bot has each value in Slack's shape."""
    page = await open_page(kitchen.slack.url)
    open_form(kitchen.slack, EVERY_INPUT)
    form = page.locator("dialog[open]")
    await form.wait_for()
    await form.locator("button[type=submit]").click()
    await expect(form.locator(".has-fault")).to_contain_text("required")
    await form.get_by_label("Line", exact=True).fill("one line")
    await form.get_by_label("Lines").fill("two\nlines")
    await form.get_by_label("Number").fill("7")
    await form.get_by_label("Mail").fill("a@example.org")
    await form.get_by_label("Choice").select_option("2")
    await form.get_by_label("Person").select_option("U0BOB")
    await form.get_by_label("Channel").select_option("C0SUPPORT")
    await form.get_by_label("Conversation").select_option("C0ESCALATIONS")
    await form.get_by_role("group", name="People").get_by_label("Alice Moreau").check()
    await form.get_by_role("group", name="Checks").get_by_label("Two").check()
    await form.get_by_role("group", name="Radio").get_by_label("One").check()
    await form.get_by_label("Day").fill("2026-11-24")
    await form.get_by_label("Time").fill("09:30")
    await form.locator("button[type=submit]").click()
    await expect(form).to_have_count(0)
    sent = next(each for each in kitchen.heard if each.get("type") == "view_submission")
    values = {key: next(iter(entry.values())) for key, entry in sent["view"]["state"]["values"].items()}

    assert values["line"]["value"] == "one line"
    assert values["lines"]["value"] == "two\nlines"
    assert values["number"]["value"] == "7"
    assert values["mail"]["value"] == "a@example.org"
    assert values["choice"]["selected_option"]["value"] == "2"
    assert values["person"]["selected_user"] == "U0BOB"
    assert values["channel"]["selected_channel"] == "C0SUPPORT"
    assert values["talk"]["selected_conversation"] == "C0ESCALATIONS"
    assert values["people"]["selected_users"] == ["U0ALICE"]
    assert [each["value"] for each in values["checks"]["selected_options"]] == ["1", "2"]
    assert values["radio"]["selected_option"]["value"] == "1"
    assert values["day"]["selected_date"] == "2026-11-24"
    assert values["time"]["selected_time"] == "09:30"


async def test_what_the_bot_finds_wrong_stands_at_the_field(kitchen: Kitchen, open_page: OpenPage) -> None:
    """response_action errors; then an update in place keeps what was typed."""
    kitchen.answers = [
        {"response_action": "errors", "errors": {"line": "Too short"}},
        {"response_action": "update", "view": {**EVERY_INPUT, "title": plain("Again")}},
    ]
    page = await open_page(kitchen.slack.url)
    open_form(kitchen.slack, EVERY_INPUT)
    form = page.locator("dialog[open]")
    line = form.get_by_label("Line", exact=True)
    await line.fill("x")
    await form.locator("button[type=submit]").click()
    await expect(form.locator(".has-fault")).to_contain_text("Too short")
    await expect(line).to_be_focused()
    await form.locator("button[type=submit]").click()

    await expect(form.locator("h2")).to_have_text("Again")
    await expect(line).to_have_value("x")


async def test_escape_closes_a_form(kitchen: Kitchen, open_page: OpenPage) -> None:
    """And the bot hears of it where the form asked for that."""
    page = await open_page(kitchen.slack.url)
    open_form(kitchen.slack, {**EVERY_INPUT, "notify_on_close": True})
    await page.locator("dialog[open]").wait_for()
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog[open]")).to_have_count(0)

    assert [each["type"] for each in kitchen.heard] == ["view_closed"]


async def test_messages_are_edited_deleted_and_reacted_to(kitchen: Kitchen, open_page: OpenPage) -> None:
    """The hover bar and the message menu."""
    page = await open_page(kitchen.slack.url)
    await page.locator("#composer-text").fill("a first line")
    await page.keyboard.press("Enter")
    message = page.locator(".main .message")
    await message.hover()
    await message.get_by_role("button", name="Add a reaction").click()
    await page.get_by_role("menuitem", name="eyes").click()
    await expect(message.locator(".reaction")).to_have_attribute("aria-pressed", "true")
    await message.locator(".reaction").click()
    await expect(message.locator(".reaction")).to_have_count(0)
    await message.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Edit message").click()
    await page.get_by_label("Edit message").fill("a second line")
    await page.keyboard.press("Enter")
    await expect(message).to_contain_text("a second line")
    await expect(message).to_contain_text("(edited)")
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Delete message").click()
    await expect(message).to_have_count(0)

    kinds = [each["event"].get("subtype") or each["event"]["type"] for each in kitchen.heard]
    assert kinds == ["message", "reaction_added", "reaction_removed", "message_changed", "message_deleted"]


async def test_replies_are_written_in_the_thread(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Opened from the hover bar, answered, closed with Escape; commands are refused there as in Slack."""
    page = await open_page(kitchen.slack.url)
    await page.locator("#composer-text").fill("parent")
    await page.keyboard.press("Enter")
    await page.locator(".main .message").hover()
    await page.get_by_role("button", name="Reply in thread").click()
    reply = page.locator("#composer-thread")
    await reply.fill("child")
    await page.keyboard.press("Enter")
    await expect(page.locator(".thread .message")).to_have_count(2)
    await expect(page.locator(".main .thread-link")).to_contain_text("1 reply")
    await reply.fill("/bounce help")
    await page.keyboard.press("Enter")
    await expect(page.locator(".toast")).to_contain_text("not supported in threads")
    await reply.press("Escape")

    await expect(page.locator(".thread")).to_have_count(0)


async def test_the_keyboard_alone_is_enough(kitchen: Kitchen, open_page: OpenPage) -> None:
    """The first Tab offers the message box; arrows move in the tabs; a menu gives the focus back."""
    page = await open_page(kitchen.slack.url)
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("a line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("and another")
    await page.keyboard.press("Enter")
    message = page.locator(".main .message")
    await expect(message).to_contain_text("and another")
    more = message.get_by_role("button", name="More actions")
    await more.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await message.get_by_role("button", name="Reply in thread").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("tab", name="Thread").focus()
    await page.keyboard.press("ArrowLeft")

    await expect(page.get_by_role("tab", name="Examples")).to_be_focused()
    await expect(page.locator(".gallery")).to_be_visible()


async def test_the_home_tab_tells_the_bot_and_shows_what_it_publishes(
    kitchen: Kitchen, open_page: OpenPage
) -> None:
    """app_home_opened, then the published view, live."""
    page = await open_page(kitchen.slack.url)
    await page.locator(".place", has_text="home").click()
    await expect(page.locator(".home")).to_contain_text("as soon as")
    team = kitchen.slack.team
    view = kitchen.slack.acting.dress(
        team, {"type": "home", "blocks": [{"type": "header", "text": plain("Open tickets")}]}, "U0ALICE"
    )
    kitchen.slack.store.save(team, "home", {"user": "U0ALICE", "view": view})

    await expect(page.locator(".home h3")).to_have_text("Open tickets")
    assert [each["event"]["type"] for each in kitchen.heard] == ["app_home_opened"]


HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> <!channel> <@U0BOB>"
    " [x](javascript:alert(1)) ‮txt.exe `</code><b>x</b>` &lt;b&gt; javascript:alert(1)"
)


async def test_a_hostile_paste_is_inert(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Typed by a person: shown letter by letter, nobody called, nothing run."""
    page = await open_page(kitchen.slack.url)
    await page.locator("#composer-text").fill(HOSTILE)
    await page.keyboard.press("Enter")
    body = page.locator(".main .message-body")
    await expect(body).to_contain_text("<script>document.title='owned'</script><img src=x")

    assert await page.title() == "fivefifty playground"
    assert await body.locator("script, img, b").count() == 0
    assert await body.locator(".mention").count() == 0
    assert kitchen.slack.messages("support")[0].mentions == []


async def test_what_nobody_can_see_is_shown_as_a_sign(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Control characters, and marks that turn the reading direction around: an address reads as it is."""
    page = await open_page(kitchen.slack.url)
    await kitchen.slack.post("alice", "support", "a\0b <\u202egro.elpmaxe@resu\u202c>\r\nnext \u2066x\u2069")

    await expect(page.locator(".main .message-body")).to_have_text(
        "a[U+0000]b <[U+202E]gro.elpmaxe@resu[U+202C]> next [U+2066]x[U+2069]"
    )


@pytest.mark.parametrize("size", [20_000, 1_000_000], ids=["20 kB", "1 MB"])
async def test_a_very_long_paste_does_not_stop_the_page(
    kitchen: Kitchen, open_page: OpenPage, size: int
) -> None:
    """Pasted by keyboard, sent, shown as a file; then the box is free for the next message."""
    page = await open_page(kitchen.slack.url)
    box = page.locator("#composer-text")
    await box.evaluate(
        """(box, size) => { const data = new DataTransfer();
        data.setData("text/plain", "junk <b> \\0".repeat(size / 10));
        box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }""",
        size,
    )
    await box.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".main .file")).to_contain_text("untitled.txt")
    await box.fill("and a short one")
    await page.keyboard.press("Enter")

    await expect(page.locator(".main .message-body").last).to_have_text("and a short one")


async def test_hostile_blocks_are_inert(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Sent by a bot: no mark-up in any text, no script in a link."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain("<img src=x onerror=alert(1)>")},
        {"type": "section", "text": mrkdwn("<javascript:alert(1)|press> &lt;img src=x&gt; *<b>*")},
        {"type": "context", "elements": [mrkdwn("<data:text/html,x|press>")]},
    ]
    await say(kitchen.slack, blocks)
    page = await open_page(kitchen.slack.url)
    message = page.locator(".main .by-bot")

    await expect(message.locator("h3")).to_have_text("<img src=x onerror=alert(1)>")
    assert await message.locator("a[href^='javascript'], a[href^='data'], img, b").count() == 0


async def test_a_long_paste_is_folded_and_a_very_long_one_is_a_file(
    kitchen: Kitchen, open_page: OpenPage
) -> None:
    """Show more unfolds; Slack's client turns what is longer than 12,000 characters into a snippet."""
    page = await open_page(kitchen.slack.url)
    await page.locator("#composer-text").fill("a line of a log\n" * 40)
    await page.keyboard.press("Enter")
    more = page.get_by_role("button", name="Show more")
    await more.click()
    await expect(page.get_by_role("button", name="Show less")).to_be_visible()
    await page.locator("#composer-text").fill("x" * 13_000)
    await page.keyboard.press("Enter")

    await expect(page.locator(".main .file")).to_contain_text("untitled.txt")


async def test_what_was_not_sent_stays_in_its_box(kitchen: Kitchen, open_page: OpenPage) -> None:
    """A draft belongs to a person and a channel."""
    page = await open_page(kitchen.slack.url)
    box = page.locator("#composer-text")
    await box.fill("half a")
    await page.locator(".place", has_text="escalations").click()
    await expect(box).to_have_value("")
    await page.locator(".place", has_text="support").click()

    await expect(box).to_have_value("half a")


async def test_the_colours_can_be_chosen_and_are_remembered(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Light on a dark system, also after the page is loaded again."""
    page = await open_page(kitchen.slack.url, dark=True)
    background = "getComputedStyle(document.body).backgroundColor"
    dark = await page.evaluate(background)
    await page.get_by_role("button", name="Light").click()
    light = await page.evaluate(background)
    await page.reload()
    await page.wait_for_selector("body[data-ready]")

    assert dark != light == await page.evaluate(background)


async def test_a_small_window_has_everything(kitchen: Kitchen, open_page: OpenPage) -> None:
    """On a phone, channels and examples slide in, and nothing is wider than the screen."""
    page = await open_page(kitchen.slack.url, width=390, height=780)
    await page.get_by_role("button", name="Examples", exact=True).click()
    await page.locator(".example").first.click()
    await expect(page.locator("#composer-text")).not_to_have_value("")
    await page.get_by_role("button", name="Show channels").click()
    await page.locator(".place", has_text="escalations").click()
    await expect(page.locator("h1")).to_contain_text("escalations")

    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_a_form_gives_the_focus_back(kitchen: Kitchen, open_page: OpenPage) -> None:
    """To the button that opened it, even where the message was drawn anew meanwhile; Escape does so, too."""
    await say(kitchen.slack, EVERY_BLOCK)
    page = await open_page(kitchen.slack.url)
    button = page.locator(".main .by-bot [data-action=go]")
    await button.focus()
    open_form(kitchen.slack, EVERY_INPUT)
    await page.locator("dialog[open]").wait_for()
    await page.keyboard.press("Escape")
    await expect(button).to_be_focused()
    open_form(kitchen.slack, EVERY_INPUT)
    await page.locator("dialog[open]").wait_for()
    post = kitchen.slack.messages("support")[0]
    kitchen.slack.world.update(kitchen.slack.team, post.body, {"text": "changed", "blocks": EVERY_BLOCK})
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("dialog[open]")).to_have_count(0)

    await expect(button).to_be_focused()


async def test_arrows_switch_between_people(kitchen: Kitchen, open_page: OpenPage) -> None:
    """One stop for Tab, arrows within, as in every group of radio buttons."""
    page = await open_page(kitchen.slack.url)
    await page.get_by_role("radio", name="Alice Moreau").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("radio", name="Bob Tanaka")).to_be_focused()
    await expect(page.get_by_role("radio", name="Bob Tanaka")).to_have_attribute("aria-checked", "true")
    await page.keyboard.press("ArrowDown")

    await expect(page.get_by_role("radio", name="Alice Moreau")).to_be_focused()
    await expect(page.locator(".who [tabindex='0']")).to_have_count(1)


async def test_what_is_new_below_is_a_press_away(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Who reads further up is not moved, but told; who is at the end sees what comes."""
    slack = kitchen.slack
    for number in range(60):
        await slack.post("bob", "support", f"line {number}")
    page = await open_page(slack.url)
    log = page.get_by_role("log", name="Messages")
    newest = page.locator(".main .newest")
    await expect(page.locator(".main .message").last).to_be_in_viewport()
    await slack.post("bob", "support", "seen at once")
    await expect(page.locator(".main .message", has_text="seen at once")).to_be_in_viewport()
    await expect(newest).to_be_hidden()
    await log.evaluate("node => { node.scrollTop = 0; }")
    await slack.post("bob", "support", "further down")
    await expect(newest).to_be_visible()
    await expect(page.locator(".main .message").first).to_be_in_viewport()
    await newest.click()

    await expect(page.locator(".main .message", has_text="further down")).to_be_in_viewport()
    await expect(newest).to_be_hidden()


async def test_a_long_thread_is_whole(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Two hundred replies, each there, counted, and the last one reachable with the keyboard."""
    slack = kitchen.slack
    post = await slack.post("alice", "support", "550 5.1.1")
    for number in range(200):
        await slack.post("bob", "support", f"reply {number}", thread_ts=post.ts)
    page = await open_page(slack.url)
    await expect(page.locator(".main .thread-link")).to_contain_text("200 replies")
    await page.locator(".main .thread-link").click()
    await expect(page.locator(".thread .message")).to_have_count(201)
    await page.get_by_role("log", name="Thread").focus()
    await page.keyboard.press("End")

    await expect(page.locator(".thread .message", has_text="reply 199")).to_be_in_viewport()


async def test_dates_are_those_of_slack(kitchen: Kitchen, open_page: OpenPage) -> None:
    """Today in words where the format asks for pretty ones, else day, month and year."""
    now = int(time.time())
    await say(
        kitchen.slack,
        [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "date", "timestamp": when, "format": form}],
                    }
                    for when, form in (
                        (now, "{date_short_pretty}"),
                        (now - 86_400, "{date_pretty}"),
                        (43_200, "{date_num}"),
                        (43_200, "on {date_short_pretty}"),
                    )
                ],
            }
        ],
    )
    page = await open_page(kitchen.slack.url)

    await expect(page.locator(".rich-section")).to_have_text(
        ["today", "yesterday", "1970-01-01", "on Jan 1, 1970"]
    )


async def test_a_small_window_puts_its_panes_away(kitchen: Kitchen, open_page: OpenPage) -> None:
    """A press beside the channels or Escape closes them; Escape closes the examples."""
    page = await open_page(kitchen.slack.url, width=390, height=780)
    menu = page.get_by_role("button", name="Show channels")
    opened = page.locator(".app.menu-open")
    await menu.click()
    await expect(opened).to_have_count(1)
    await page.mouse.click(380, 400)
    await expect(opened).to_have_count(0)
    await menu.click()
    await page.keyboard.press("Escape")
    await expect(opened).to_have_count(0)
    await expect(menu).to_be_focused()
    await page.get_by_role("button", name="Examples", exact=True).click()
    await expect(page.locator(".example").first).to_be_in_viewport()
    await page.keyboard.press("Escape")

    await expect(page.locator(".app.side-open")).to_have_count(0)


async def test_a_small_window_has_the_guide_beside_the_thread(kitchen: Kitchen, open_page: OpenPage) -> None:
    """A tab of its own there, which goes on to where the next step is; a large window needs none."""
    post = await kitchen.slack.post("alice", "support", "550 5.1.1")
    team = kitchen.slack.team
    kitchen.slack.world.post(
        team,
        team.channel("support"),
        bot=kitchen.slack.world.bot_author(team),
        text="words",
        blocks=EVERY_BLOCK,
        thread_ts=post.ts,
    )
    page = await open_page(kitchen.slack.url, width=390, height=844)
    await page.locator(".main .thread-link").click()
    await page.get_by_role("tab", name="Thread").focus()
    await page.keyboard.press("ArrowRight")
    guide = page.get_by_role("tabpanel", name="Guide").locator(".guide")
    await expect(page.get_by_role("tab", name="Guide")).to_be_focused()
    await expect(guide).to_contain_text("Press Escalate below it")
    findings = await serious_findings(page)
    await guide.get_by_role("button", name="Show me the button").click()
    await expect(page.get_by_role("tabpanel", name="Thread")).to_be_visible()
    await page.get_by_role("tab", name="Guide").click()
    await page.set_viewport_size({"width": 1440, "height": 900})

    await expect(page.get_by_role("tab", name="Guide")).to_be_hidden()
    await expect(page.locator(".guide")).to_have_count(1)
    await expect(page.get_by_role("tab", name="Examples")).to_have_attribute("aria-selected", "true")
    assert findings == []


async def test_a_page_that_lost_the_server_says_so(kitchen: Kitchen, open_page: OpenPage) -> None:
    """The stream ends: the page shows it, and is up to date again when the stream is back."""
    page = await open_page(kitchen.slack.url)
    kitchen.page.close()
    await expect(page.locator(".app.offline")).to_have_count(1)
    await kitchen.slack.post("bob", "support", "meanwhile")

    await expect(page.locator(".app.offline")).to_have_count(0)
    await expect(page.locator(".main .message-body")).to_have_text("meanwhile")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_every_screen_is_accessible(kitchen: Kitchen, open_page: OpenPage, dark: bool) -> None:
    """axe-core finds nothing serious in the channel, thread, menu, completion, form, dialog and Home tab."""
    slack = kitchen.slack
    post = await slack.post("alice", "support", "550 5.1.1 <x@example.org>: `User unknown` @bob")
    await slack.react(post, "mag", "bob")
    await slack.upload("bob", "support", "bounce.eml", b"550", thread_ts=post.ts)
    await say(slack, EVERY_BLOCK)
    team = slack.team
    slack.world.whisper(team, team.channel("support"), "U0ALICE", text="*only* <https://example.org/|you>")
    page = await open_page(slack.url, dark=dark)
    findings = {"channel": await serious_findings(page)}
    await page.locator(".main .thread-link").click()
    findings["thread"] = await serious_findings(page)
    await page.locator(".main .by-bot [data-action=overflow]").click()
    findings["menu"] = await serious_findings(page)
    await page.keyboard.press("Escape")
    await page.locator(".main .by-bot [data-action=drop]").click()
    findings["confirm"] = await serious_findings(page)
    await page.keyboard.press("Escape")
    await page.locator("#composer-text").fill("/bounce")
    findings["completion"] = await serious_findings(page)
    await page.locator("#composer-text").fill("")
    open_form(slack, EVERY_INPUT)
    await page.locator("dialog[open]").wait_for()
    await page.locator("dialog[open] button[type=submit]").click()
    await page.locator(".has-fault").wait_for()
    findings["form"] = await serious_findings(page)
    await page.keyboard.press("Escape")
    await page.locator(".place", has_text="home").click()
    findings["home"] = await serious_findings(page)
    await page.locator(".place", has_text="escalations").click()
    findings["empty channel"] = await serious_findings(page)

    assert [f"{screen}: {each}" for screen, found in findings.items() for each in found] == []
