"""The application as a whole: what it says of itself, its headers, its documentation."""

import re

from api.app import create_app
from errors import Unavailable


def test_programs_learn_what_this_is(client):
    answer = client.get("/").get_json()
    moment = answer.pop("timestamp")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment)
    assert answer == {
        "service": "ecap",
        "status": "healthy",
        "ai_enabled": False,
        "message": "Welcome to E-Commerce Analytics Platform API",
        "version": "1.0.0",
        "documentation": "http://localhost/docs",
        "health": "http://localhost/health",
    }


def test_a_browser_is_sent_to_the_dashboard(client):
    answer = client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/app/")


def test_the_documents_health_checks_answer_without_asking_a_store(client):
    for path in ("/health", "/health/live", "/api/health"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.get_json() | {"timestamp": ""} == {
            "status": "healthy",
            "version": "1.0.0",
            "environment": "development",
            "timestamp": "",
        }


def test_ready_says_which_store_is_down(client, monkeypatch):
    assert client.get("/health/ready").get_json()["components"] == {
        "database": {"status": "healthy"},
        "redis": {"status": "healthy"},
        "clickhouse": {"status": "healthy"},
    }
    monkeypatch.setattr("stores.redis.is_up", lambda: False)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "unavailable")
    assert answer.get_json()["components"]["redis"] == {"status": "unavailable"}


def test_every_answer_is_named_and_says_what_browsers_must_not_do(client):
    for path in ("/health", "/no/such/page", "/api/v1/no", "/docs", "/static/docs/swagger-ui.css", "/api/v1/tenants/"):
        with client.get(path) as answer:
            headers = answer.headers
        assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Trace-ID"]), path
        assert headers["X-Request-ID"] == headers["X-Trace-ID"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in headers


def test_a_callers_own_request_id_and_trace_are_kept_when_they_are_harmless(client):
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = client.get("/health", headers={"X-Request-ID": "order-17", "traceparent": f"00-{trace}-b7ad6b7169203331-01"}).headers
    assert (headers["X-Request-ID"], headers["X-Trace-ID"]) == ("order-17", trace)
    for bad in ("a b", "x" * 65, '"><script>'):
        assert client.get("/health", headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad


def test_production_insists_on_https(production):
    assert production.test_client().get("/health").headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_what_a_signed_in_caller_gets_is_not_kept_by_caches(client, bearer, tenant):
    assert client.get("/api/v1/tenants/", headers=bearer(tenant)).headers["Cache-Control"] == "no-store"


def test_the_documentation_is_served_from_here(client):
    for path, script in (("/docs", "/static/docs/swagger-ui-bundle.js"), ("/redoc", "/static/docs/redoc.standalone.js")):
        page = client.get(path).get_data(as_text=True)
        assert script in page
        assert re.findall(r"""(?:src|href)=["'](https?:)?//""", page) == []
        with client.get(script) as file:
            assert file.status_code == 200


def test_the_openapi_document_names_every_operation_of_the_api_with_its_access(client, app):
    document = client.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    operations = [operation for path in document["paths"].values() for name, operation in path.items() if name != "parameters"]
    assert all("security" in operation and operation["summary"] for operation in operations)
    login = document["paths"]["/api/v1/auth/login"]["post"]
    assert sorted(login["requestBody"]["content"]) == ["application/json", "application/x-www-form-urlencoded"]
    assert login["security"] == []
    assert document["paths"]["/api/v1/tenants/{tenant}"]["patch"]["x-permission"] == "manage:system"


def test_every_reference_in_the_openapi_document_leads_somewhere(client):
    document = client.get("/openapi.json").get_json()

    def references(part):
        for name, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
            if name == "$ref":
                yield value
            yield from references(value)

    def leads_somewhere(reference: str) -> bool:
        part = document
        for name in reference.removeprefix("#/").split("/"):
            part = part.get(name, {})
        return bool(part)

    assert sorted({reference for reference in references(document) if not leads_somewhere(reference)}) == []


def test_long_answers_are_packed_and_short_ones_not(client):
    packed = client.get("/openapi.json", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in client.get("/health", headers={"Accept-Encoding": "br, gzip"}).headers


def test_requests_are_counted_under_the_routes_pattern(client, bearer, tenant):
    client.get(f"/api/v1/tenants/{tenant}", headers=bearer(tenant))
    client.get("/no/such/page/4711")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'http_requests_total{endpoint="/api/v1/tenants/<tenant>",method="GET",status="200"}' in text
    assert 'http_requests_total{endpoint="unknown",method="GET",status="404"}' in text
    assert "4711" not in text


def test_the_logs_backlog_is_told_as_it_is(client, monkeypatch):
    assert re.search(r"^log_backlog \d+$", client.get("/metrics").get_data(as_text=True), re.M)

    def away():
        raise Unavailable("The event log does not answer.")

    monkeypatch.setattr("stores.event_log.current", away)
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "log_backlog" not in answer.get_data(as_text=True)


def test_a_second_application_has_settings_of_its_own(app, production):
    again = create_app(production.config["ECAP"])
    assert (app.config["ECAP"].environment, again.config["ECAP"].environment) == ("development", "production")
    assert app.config["JWT_SECRET_KEY"] != again.config["JWT_SECRET_KEY"]
