"""How are the pictures of README and docs made? ``python -m tests.browser.images docs/images``

Starts the real demo, pastes eight examples, and photographs their answers with Debian's chromium, light and
dark, and the whole page once in each. Nothing in them is drawn by hand.
"""

import asyncio
import base64
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.demo import Demo
from bot.playground.gallery import Example, gallery
from tests.browser.conftest import CHROMIUM

CAUSES = (
    "ip-blocklisted",
    "domain-not-found",
    "no-such-user",
    "mailbox-full",
    "auth-required",
    "relay-denied",
    "dmarc-failed",
    "domain-blocklisted",
)
LARGEST = 260_000
"""Bytes of one picture."""
WEBP = """async (png) => {
  const picture = new Image();
  picture.src = `data:image/png;base64,${png}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth;
  canvas.height = picture.naturalHeight;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas.toDataURL("image/webp", 0.84).split(",")[1];
}"""
CLOCK = "document.querySelectorAll('time').forEach((each) => { each.textContent = '09:30'; })"


async def make(folder: Path) -> None:
    """Write ``answer-CAUSE-COLOUR.webp`` and ``playground-COLOUR.webp`` into the folder."""
    for colour in ("light", "dark"):
        with tempfile.TemporaryDirectory() as temporary:
            demo = Demo(port=0, folder=Path(temporary))
            await demo.start()
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=str(CHROMIUM), args=["--no-sandbox", "--font-render-hinting=none"]
                )
                await _photograph(browser, demo, folder, colour)
                await browser.close()
            await demo.stop()


async def _photograph(browser: Browser, demo: Demo, folder: Path, colour: str) -> None:
    studio = await browser.new_page()
    page = await browser.new_page(
        viewport={"width": 1360, "height": 850},
        color_scheme="dark" if colour == "dark" else "light",
        reduced_motion="reduce",
    )
    await page.goto(demo.url)
    await page.wait_for_selector("body[data-ready]")
    examples = {example.cause: example for example in gallery()}
    for cause in CAUSES:
        await _answer(page, examples[cause])
        if cause == CAUSES[0]:
            await page.evaluate(CLOCK)
            await page.locator("#composer-text").focus()
            await _keep(studio, await page.screenshot(), folder / f"playground-{colour}.webp")
            await page.set_viewport_size({"width": 2000, "height": 2800})
        answer = page.locator(".thread .by-bot").first
        await page.evaluate(CLOCK)
        await page.mouse.move(0, 0)
        await _keep(studio, await answer.screenshot(), folder / f"answer-{cause}-{colour}.webp")


async def _answer(page: Page, example: Example) -> None:
    """Paste one example and wait until its evidence is in."""
    await page.get_by_role("tab", name="Examples").click()
    await page.locator(f".example[data-cause={example.cause}]").click()
    await page.keyboard.press("Enter")
    await page.locator(".thread .by-bot").first.wait_for()
    await page.wait_for_function(
        "() => !document.querySelector('.thread .by-bot').textContent.includes('Looking up')"
    )


async def _keep(studio: Page, png: bytes, path: Path) -> None:
    """Write a picture as WebP: half the size of PNG, and GitHub shows it."""
    picture = base64.b64decode(await studio.evaluate(WEBP, base64.b64encode(png).decode()))
    if len(picture) > LARGEST:
        raise SystemExit(f"{path} has {len(picture)} bytes, more than {LARGEST}")
    await asyncio.to_thread(path.write_bytes, picture)
    sys.stdout.write(f"{path} {len(picture) // 1000} kB\n")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(make(target))
