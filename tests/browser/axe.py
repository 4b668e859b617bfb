"""What does axe-core find on a page? Serious and critical findings, as lines to read."""

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # it has no types
from playwright.async_api import Page


async def serious_findings(page: Page) -> list[str]:
    """One line a finding, with the element it is about and what would mend it."""
    found = await Axe().run(page)
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
