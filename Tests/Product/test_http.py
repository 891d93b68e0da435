"""The HTTP API as strangers use it: the documented answers, and the right refusal for everything else."""

import http.client
import json
import socket

import pytest

UNKNOWN = "app-aaaaaaaaaaaaaaaa"


@pytest.fixture(scope="module")
def server(request, bin_dir, tmp_path_factory):
    from harness import Server, Simulator

    simulator = Simulator(bin_dir, ("--tokens-per-second", "0"))
    simulator.wait_until_ready()
    folder = tmp_path_factory.mktemp("http")
    # Sandboxes have their own user, who must be able to walk here.
    for parent in (folder, *folder.parents):
        if parent.owner() == folder.owner() and str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    server = Server(bin_dir, folder, (), {"ANTHROPIC_BASE_URL": simulator.url, "ANTHROPIC_API_KEY": "k", "VIBE_ADMIN_SECRET": "s3cret"})
    server.wait_until_ready()
    yield server
    assert server.stop() == 0
    simulator.stop()


def error(answer, status, code=None):
    got, headers, body = answer
    assert got == status, (got, body)
    assert body["error"]["message"] and body["error"]["request_id"]
    assert body["error"]["code"].replace("_", "").isalnum()
    if code:
        assert body["error"]["code"] == code
    if status in (429, 503):
        assert int(headers["Retry-After"]) >= 0
    return body


def test_a_prompt_becomes_an_app_with_everything_the_contract_names(server):
    status, _, created = server.request("POST", "/api/create", {"prompt": "a counter", "user_id": "ana"})
    assert status == 202
    app = created["app_id"]
    assert created["channel"] == f"app:{app}" and app in created["url"]
    detail = server.wait_until_idle(app)
    assert detail["phase"] == "live" and detail["app"]["status"] == "active"
    assert detail["app"]["id"] == app and detail["app"]["versions"] == 1
    assert detail["app"]["authors"][0]["user_id"] == "ana"
    assert server.get(f"/api/app/{app}/status") == {"status": "active", "phase": "live"}
    assert server.request("GET", f"/api/app/{app}/ping")[0] == 200

    history = server.get(f"/api/app/{app}/history")
    assert [message["type"] for message in history["message_history"]] == ["user", "assistant"]
    assert history["message_history"][0]["content"] == "a counter" and history["more"] is False
    assert history["message_history"][1]["version"] == 1

    first = server.get(f"/api/app/{app}/code")
    assert first["version"] == 1 and "export default" in first["files"]["src/LLMComponent.tsx"]
    write = server.write(app, "make it red", "ben")
    assert write["status"] == "ok" and write["position"] == 0 and write["message_id"]
    detail = server.wait_until_idle(app)
    assert [version["version"] for version in detail["versions"]] == [1, 2]
    versions = server.get(f"/api/app/{app}/versions")
    assert (versions.get("versions") or versions)[1]["prompt"] == "make it red"
    assert server.get(f"/api/app/{app}/code?version=1")["files"] == first["files"] != server.get(f"/api/app/{app}/code")["files"]

    server.post(f"/api/app/{app}/revert", {"version": 1})
    assert server.get(f"/api/app/{app}/code") == {"version": 3, "files": first["files"]}

    apps = server.get("/api/apps?limit=10")
    assert app in apps["order"] and apps["apps"][app]["id"] == app
    assert apps["counts"]["live"] >= 1
    assert server.get("/api/apps?user_id=ben")["order"] == [app]

    page = server.get(f"/api/app/{app}/history?limit=2")
    assert len(page["message_history"]) == 2 and page["more"] is True
    older = server.get(f"/api/app/{app}/history?limit=100&before={page['message_history'][0]['id']}")
    assert [m["id"] for m in older["message_history"] + page["message_history"]] == [
        m["id"] for m in server.get(f"/api/app/{app}/history")["message_history"]
    ]


def test_waiting_answers_when_the_first_version_is_live(server):
    app = server.create_and_wait("a quiz")
    assert server.get(f"/api/app/{app}/status")["status"] == "active"
    status, headers, body = server.preview(app)
    assert status == 200 and "<html" in body.lower()
    assert "frame-ancestors" in headers["Content-Security-Policy"]


def test_admin_calls_need_the_secret(server):
    app = server.create_and_wait("a timer")
    for path in (f"/api/app/{app}/terminate", f"/api/app/{app}/toggle-feature", "/api/admin/terminate-all"):
        error(server.request("POST", path, {}), 403)
        error(server.request("POST", path, {"admin_secret": "wrong"}), 403)
    assert server.request("POST", f"/api/app/{app}/toggle-feature", {"admin_secret": "s3cret"})[0] == 200
    assert server.get("/api/apps?featured=true")["order"] == [app]
    status, _, _ = server.request("POST", f"/api/app/{app}/terminate", {}, {"Authorization": "Bearer s3cret"})
    assert status == 200
    assert server.get(f"/api/app/{app}/status")["status"] == "terminated"
    assert app not in server.get("/api/apps?limit=200")["order"]
    assert server.get(f"/api/app/{app}/history")["message_history"], "the history is kept"
    assert server.preview(app)[0] in (404, 410)


def test_without_a_secret_admin_calls_are_not_available(start_server):
    server = start_server()
    error(server.request("POST", "/api/admin/terminate-all", {"admin_secret": ""}), 503)


@pytest.mark.parametrize(
    "body, content_type, status",
    [
        (b"", "application/json", 422),
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"prompt": 7}', "application/json", 422),
        (b'{"prompt": ""}', "application/json", 422),
        (b'{"prompt": "   "}', "application/json", 422),
        (b'{"prompt": "a\\u0000b"}', "application/json", 422),
        (b"{}", "application/json", 422),
        (bytes(range(256)), "application/json", 422),
        (b"\xff\xfe{}", "application/json", 422),
        (json.dumps({"prompt": "x" * 4001}).encode(), "application/json", 422),
        (b'{"prompt": "' + b"x" * 1_100_000 + b'"}', "application/json", 413),
        (b'{"prompt": "a"}', "text/plain", 415),
        (b"prompt=a", "application/x-www-form-urlencoded", 415),
        (b"[" * 100_000, "application/json", 422),
    ],
)
def test_bad_bodies(server, body, content_type, status):
    error(server.request("POST", "/api/create", raw=body, headers={"Content-Type": content_type}), status)


def test_longest_prompt_is_accepted(server):
    assert server.create("é" * 4000)


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "status"), ("GET", "history"), ("GET", "ping"), ("GET", "code"), ("GET", "versions"), ("GET", ""),
        ("POST", "write"), ("POST", "revert"), ("POST", "stop"), ("POST", "retry"),
    ],
)
def test_unknown_app(server, method, path):
    body = {"text": "a", "version": 1} if method == "POST" else None
    error(server.request(method, f"/api/app/{UNKNOWN}/{path}".rstrip("/"), body), 404, "unknown_app")
    error(server.request(method, f"/api/app/%2e%2e%2fetc/{path}".rstrip("/"), body), 404)


def test_wrong_method_and_unknown_path(server):
    got = server.request("DELETE", "/api/create")
    error(got, 405)
    assert "POST" in got[1]["Allow"]
    error(server.request("GET", "/api/nothing"), 404)


def test_unknown_version(server):
    app = server.create_and_wait("a poll")
    error(server.request("GET", f"/api/app/{app}/code?version=99"), 404, "unknown_version")
    error(server.request("POST", f"/api/app/{app}/revert", {"version": 99}), 404, "unknown_version")
    error(server.request("POST", f"/api/app/{app}/stop", {}), 409)


def test_health(server):
    assert server.request("GET", "/healthz")[0] == 200
    assert server.request("GET", "/readyz")[0] == 200


@pytest.mark.parametrize(
    "origin, site, allowed",
    [
        (None, None, True),
        ("own", "same-origin", True),
        ("http://evil.example", "cross-site", False),
        ("null", None, False),
        ("own-suffix", None, False),
        ("http://localhost.evil.example", None, False),
        ("preview", "same-site", False),
        (None, "cross-site", False),
        (None, "same-site", False),
        (None, "none", True),
    ],
)
def test_who_may_change_things(server, origin, site, allowed):
    app = server.create("a note pad")
    origins = {
        "own": f"http://vibe.localhost:{server.port}",
        "own-suffix": f"http://vibe.localhost:{server.port}.evil.example",
        "preview": f"http://{app}.vibe.localhost:{server.port}",
    }
    headers = {"Host": f"vibe.localhost:{server.port}"}
    if origin:
        headers["Origin"] = origins.get(origin, origin)
    if site:
        headers["Sec-Fetch-Site"] = site
    got = server.request("POST", "/api/create", {"prompt": "a"}, headers)
    if allowed:
        assert got[0] == 202, got
    else:
        error(got, 403)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example"])
def test_foreign_hosts_are_refused(server, host):
    assert server.request("GET", "/api/apps", headers={"Host": f"{host}:{server.port}"})[0] == 403


def raw(server, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(data)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"X: a\r\n folded\r\n",
        b"X: a\rb\r\n",
    ],
)
def test_smuggled_requests_are_refused_and_the_connection_closed(server, head):
    answer = raw(server, b"POST /api/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + head + b"\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer[:80]
    assert answer.count(b"HTTP/1.1 ") <= 1


def test_pages_at_localhost_move_to_the_preview_site_but_calls_do_not(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", "/", headers={"Host": f"localhost:{server.port}", "Accept": "text/html"})
    response = connection.getresponse()
    response.read()
    assert response.status in (302, 307, 308)
    assert response.headers["Location"] == f"http://vibe.localhost:{server.port}/"
    connection.request("GET", "/api/apps", headers={"Host": f"localhost:{server.port}"})
    response = connection.getresponse()
    response.read()
    assert response.status == 200


def test_the_sandboxes_own_calls_are_not_reachable_from_outside(server):
    app = server.create_and_wait("a drum machine")
    host = {"Host": f"{app}.vibe.localhost:{server.port}"}
    status, _, _ = server.request("POST", "/edit", {"component": "export default () => null"}, host)
    assert status in (403, 404, 405)
    assert server.request("GET", "/heartbeat", headers=host)[0] in (403, 404)
    assert "export default" in server.code(app)


def test_previews_of_nothing(server):
    assert server.preview(UNKNOWN)[0] == 404
