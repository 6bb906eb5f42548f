"""The JavaScript SDK in a real browser against a server that answers as it is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

TRACKER = Path(__file__).parents[2] / "assets" / "tracker.js"
CLASSIC = '<!doctype html><title>Lamps</title><script src="/tracker.js"></script><body>Shop</body>'
MODULE = """<!doctype html><title>Lamps</title><body>Shop</body><script type="module">
import AnalyticsTracker from './tracker.js';
window.tracker = new AnalyticsTracker({customerId: 'lamps', autoTrackPageViews: false});
window.tracker.track('button_click', 'CTA Click', {button_id: 'signup'});
await window.tracker.flush();
window.done = true;
</script>"""
SNIPPET = '<!doctype html><title>Lamps</title><script src="/tracker.js" data-key="ecap_write_1" async></script><body>Shop</body>'
PAGES = {"/": CLASSIC, "/lamps": CLASSIC, "/module": MODULE, "/snippet": SNIPPET}

pytestmark = pytest.mark.browser


class Shop(ThreadingHTTPServer):
    """Serves the pages and takes events; `answers` are given first, then 200."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[dict] = []
        self.answers: list[tuple[int, dict]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    @property
    def events(self) -> list[dict]:
        """The events of the requests that were accepted."""
        return [event for request in self.requests if request["status"] == 200 for event in request["events"]]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path = urlsplit(self.path).path
        if path == "/tracker.js":
            return self._answer(200, "text/javascript", TRACKER.read_bytes())
        return self._answer(200 if path in PAGES else 404, "text/html", PAGES.get(path, "").encode())

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, headers = self.server.answers.pop(0) if self.server.answers else (200, {})
        self.server.requests.append(
            {"status": status, "path": self.path, "type": self.headers["Content-Type"], "key": self.headers["Authorization"]} | body
        )
        return self._answer(status, "application/json", b"{}", headers)

    def _answer(self, status, kind, body, headers=None):
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def browser(chromium):
    return chromium


@pytest.fixture
def shop():
    server = Shop()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser, shop):
    """A page in a browser without a past, which has had no error at the end."""
    context = browser.new_context(base_url=shop.url, timezone_id="Europe/Berlin")
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def start(page, path="/", **options):
    """Open a page and make a tracker that sends only when it is told to."""
    page.goto(path)
    options = {"customerId": "lamps", "autoTrackPageViews": False, "flushInterval": 600_000} | options
    page.evaluate("options => { window.tracker = new AnalyticsTracker(options) }", options)


def flush(page):
    return page.evaluate("() => tracker.flush()")


def test_an_event_says_who_what_where_and_when(page, shop):
    start(page)
    page.evaluate("() => tracker.track('button_click', 'CTA Click', {button_id: 'signup_cta'})")
    assert flush(page) == "sent"
    [event] = shop.events
    ids = {name: event.pop(name) for name in ("event_id", "visitor_id", "session_id", "timestamp")}
    assert all(ids.values())
    assert event == {
        "customer_id": "lamps",
        "event_type": "button_click",
        "event_name": "CTA Click",
        "properties": {"button_id": "signup_cta"},
        "page_url": f"{shop.url}/",
        "page_title": "Lamps",
        "referrer": "",
        "time_zone": "Europe/Berlin",
    }
    assert shop.requests[0]["path"] == "/track/batch"
    assert shop.requests[0]["sent_at"] >= ids["timestamp"]


def test_page_form_and_plain_names_are_sent_as_documented(page, shop):
    start(page)
    page.evaluate(
        """() => {
        tracker.page({page: '/pricing', title: 'Pricing Page'});
        tracker.formSubmit('contact_form', {fields: ['name', 'email']});
        tracker.track('Product Viewed', {product_id: 'p1'});
    }"""
    )
    flush(page)
    assert [(event["event_type"], event["event_name"], event["properties"]) for event in shop.events] == [
        ("page_view", "Pricing Page", {"page": "/pricing", "title": "Pricing Page"}),
        ("form_submit", "contact_form", {"form_id": "contact_form", "fields": ["name", "email"]}),
        ("Product Viewed", "Product Viewed", {"product_id": "p1"}),
    ]


def test_identify_names_the_user_of_all_later_events_until_reset(page, shop):
    start(page)
    page.evaluate(
        """() => {
        tracker.track('before');
        tracker.identify('user_123', {plan: 'pro'});
        tracker.track('after');
        tracker.reset();
        tracker.track('somebody else');
    }"""
    )
    flush(page)
    before, identify, after, other = shop.events
    assert [event.get("user_id") for event in (before, identify, after, other)] == [None, "user_123", "user_123", None]
    assert (identify["event_type"], identify["properties"]) == ("identify", {"plan": "pro"})
    assert before["visitor_id"] == after["visitor_id"] != other["visitor_id"]


def test_visitor_and_session_outlive_the_page(page, shop):
    for path in ("/", "/lamps"):
        start(page, path)
        page.evaluate("() => tracker.track('seen')")
        flush(page)
    first, second = shop.events
    assert (first["visitor_id"], first["session_id"]) == (second["visitor_id"], second["session_id"])


def test_half_an_hour_without_an_event_begins_a_new_session(page, shop):
    start(page)
    page.evaluate("() => tracker.track('one')")
    page.evaluate("() => localStorage.setItem('ecap.session', JSON.stringify({id: 'old', at: Date.now() - 1800001}))")
    page.evaluate("() => tracker.track('two')")
    page.evaluate("() => localStorage.setItem('ecap.session', JSON.stringify({id: 'kept', at: Date.now() - 1700000}))")
    page.evaluate("() => tracker.track('three')")
    flush(page)
    assert shop.events[1]["session_id"] not in ("old", shop.events[0]["session_id"])
    assert shop.events[2]["session_id"] == "kept"


def test_a_full_batch_is_sent_at_once_and_the_rest_after_the_interval(page, shop):
    start(page, batchSize=3, flushInterval=300)
    page.evaluate("() => { for (let i = 0; i < 4; i++) tracker.track('e' + i) }")
    page.wait_for_function("() => !tracker._queue().length")
    assert sorted(event["event_type"] for event in shop.events) == ["e0", "e1", "e2", "e3"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_gets_the_same_events_again(page, shop, status):
    shop.answers = [(status, {"Retry-After": "0"})]
    start(page)
    page.evaluate("() => tracker.track('kept')")
    assert flush(page) == "again"
    page.wait_for_function("() => !tracker._queue().length")
    assert [request["status"] for request in shop.requests] == [status, 200]
    assert shop.requests[0]["events"] == shop.requests[1]["events"]


def test_retry_after_is_obeyed(page, shop):
    shop.answers = [(503, {"Retry-After": "30"})]
    start(page)
    page.evaluate("() => tracker.track('kept')")
    flush(page)
    assert page.evaluate("() => tracker._pause()") == 30_000


def test_without_a_connection_events_wait(page, shop):
    start(page)
    page.context.set_offline(True)
    page.evaluate("() => tracker.track('offline')")
    assert flush(page) == "again"
    page.context.set_offline(False)
    page.wait_for_function("() => !tracker._queue().length")
    assert [event["event_type"] for event in shop.events] == ["offline"]


def test_events_that_were_refused_for_good_are_not_sent_again(page, shop):
    shop.answers = [(400, {})]
    start(page)
    page.evaluate("() => tracker.track('wrong')")
    flush(page)
    assert flush(page) == "empty"
    assert page.evaluate("() => tracker.dropped") == 1
    assert len(shop.requests) == 1


def test_a_batch_that_is_too_large_is_halved(page, shop):
    shop.answers = [(413, {})]
    start(page, batchSize=100)
    page.evaluate("() => { for (let i = 0; i < 4; i++) tracker.track('e' + i) }")
    flush(page)
    assert [(request["status"], len(request["events"])) for request in shop.requests] == [(413, 4), (200, 2), (200, 2)]


def test_a_page_that_ends_sends_a_beacon_and_the_next_page_makes_sure_with_the_same_ids(page, shop):
    start(page, writeKey="ecap_write_1")
    page.evaluate("() => tracker.track('last words')")
    start(page, "/lamps", writeKey="ecap_write_1")
    flush(page)
    beacon, again = shop.requests
    assert (beacon["path"], beacon["type"]) == ("/track/batch?writeKey=ecap_write_1", "text/plain")
    assert (again["path"], again["key"]) == ("/track/batch", "Bearer ecap_write_1")
    assert beacon["events"] == again["events"]


def test_what_is_older_than_the_servers_memory_of_ids_is_not_sent(page, shop):
    page.goto("/")
    old = [{"event_id": "1", "event_type": "old", "timestamp": "2020-01-01T00:00:00Z"}]
    page.evaluate("queue => localStorage.setItem('ecap.queue.gone', JSON.stringify(queue))", old)
    start(page)
    assert flush(page) == "empty"


def test_pages_are_tracked_by_themselves_also_where_only_the_address_changes(page, shop):
    start(page, autoTrackPageViews=True)
    page.evaluate("() => history.pushState({}, '', '/lamps?colour=brass')")
    page.evaluate("() => history.replaceState({}, '', '/lamps?colour=brass')")
    page.evaluate("() => history.back()")
    page.wait_for_function("() => tracker._queue().length === 3")
    flush(page)
    assert [(event["page_url"], event["referrer"]) for event in shop.events] == [
        (f"{shop.url}/", ""),
        (f"{shop.url}/lamps?colour=brass", f"{shop.url}/"),
        (f"{shop.url}/", f"{shop.url}/lamps?colour=brass"),
    ]


def test_nothing_is_kept_or_sent_before_consent_and_all_is_forgotten_after_it_is_withdrawn(page, shop):
    start(page, requireConsent=True, autoTrackPageViews=True)
    page.evaluate("() => tracker.track('too early')")
    assert (flush(page), page.evaluate("() => localStorage.length")) == ("empty", 0)
    page.evaluate("() => { tracker.consent(true); tracker.track('allowed') }")
    page.wait_for_function("() => tracker._queue().length === 2")
    flush(page)
    page.evaluate("() => { tracker.track('not any more'); tracker.consent(false); tracker.track('nor this') }")
    assert flush(page) == "empty"
    assert page.evaluate("() => Object.entries(localStorage)") == [["ecap.consent", "false"]]
    assert sorted(event["event_type"] for event in shop.events) == ["allowed", "page_view"]


def test_it_works_where_the_browser_keeps_nothing(page, shop):
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked') }})")
    start(page)
    page.evaluate("() => { tracker.track('one'); tracker.track('two') }")
    flush(page)
    assert [event["event_type"] for event in shop.events] == ["one", "two"]
    assert shop.events[0]["visitor_id"] == shop.events[1]["visitor_id"]


def test_it_is_a_module_as_well(page, shop):
    page.goto("/module")
    page.wait_for_function("() => window.done")
    assert [event["event_name"] for event in shop.events] == ["CTA Click"]


def test_the_snippet_needs_nothing_but_the_key(page, shop):
    page.goto("/snippet")
    page.wait_for_function("() => window.ecap && ecap._queue().length === 1")
    page.evaluate("() => ecap.flush()")
    assert shop.requests[0]["key"] == "Bearer ecap_write_1"
    assert [event["event_type"] for event in shop.events] == ["page_view"]
