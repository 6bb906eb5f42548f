"""Chromium as a stopwatch: when was a page complete?"""

import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
VIEWPORT = {"width": 1440, "height": 1000}

# The page's own clock. It is complete at its last change before the first 400 ms in which nothing is asked for, busy or changing;
# later changes are live data. The script stands before all others, so no request escapes it.
WATCH_JS = """
(() => {
  let pending = 0, changed = 0;
  const ask = window.fetch;
  window.fetch = (...what) => { pending += 1; return ask(...what).finally(() => { pending -= 1; changed = performance.now(); }); };
  const all = {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['aria-busy', 'style', 'd']};
  new MutationObserver(() => { changed = performance.now(); }).observe(document, all);
  const look = setInterval(() => {
    const last = Math.max(changed, ...performance.getEntriesByType('resource').map(entry => entry.responseEnd));
    const isBusy = pending || document.readyState !== 'complete' || document.querySelector('[aria-busy=true]');
    if (!isBusy && performance.now() - last >= 400) { window.completeAt = last; clearInterval(look); }
  }, 50);
})();
"""
COMPLETE_JS = "() => window.completeAt"


@contextmanager
def opened(url: str) -> Iterator[Page]:
    """A page of a fresh Chromium with an empty cache, for addresses below `url`."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        context = browser.new_context(viewport=VIEWPORT, base_url=url)
        context.add_init_script(WATCH_JS)
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def complete_s(page: Page, address: str) -> float:
    """Seconds from asking for `address` until the page is complete."""
    page.goto(address)
    return page.wait_for_function(COMPLETE_JS).json_value() / 1000


def median_s(page: Page, address: str, runs: int) -> float:
    """The median of `runs` loads after a first one, which fills the browser's cache."""
    complete_s(page, address)
    return statistics.median(complete_s(page, address) for _ in range(runs))
