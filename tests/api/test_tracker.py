"""/tracker.js: the SDK as shops load it."""


def test_the_tracker_is_served_to_every_site_and_kept_for_an_hour(client):
    answer = client.get("/tracker.js")
    assert answer.status_code == 200
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Cross-Origin-Resource-Policy"]) == ("*", "cross-origin")
    assert "max-age=3600" in answer.headers["Cache-Control"]
    assert b"AnalyticsTracker" in answer.data
    assert client.get("/tracker.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_production_serves_it_without_credentials(production):
    assert production.test_client().get("/tracker.js").status_code == 200
