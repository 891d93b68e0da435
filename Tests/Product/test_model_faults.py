"""What people see when the model fails, and that the next prompt works again."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from harness import eventually


def failed(server, app):
    client = server.socket()
    reply = client.subscribe(f"app:{app}")
    if reply["data"]["generation"] is not None or not server.get(f"/api/app/{app}/history")["message_history"][1:]:
        event = client.wait_for(f"app:{app}", "generation.finished")
        assert event["outcome"] == "failed" and event["error"]["code"]
    client.close()
    detail = server.wait_until_idle(app)
    assert detail["phase"] == "failed" and detail["app"]["status"] == "created"
    message = server.get(f"/api/app/{app}/history")["message_history"][-1]
    assert message["type"] == "assistant" and message["outcome"] == "failed"
    assert "test-key" not in server.log
    return message["error"]


def with_fault(start_server, start_simulator, *flags, **settings):
    simulator = start_simulator("--tokens-per-second", "400", *flags)
    return start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="test-key", **settings)


@pytest.mark.parametrize("fault", ["429:2", "529:2", "500:2"])
def test_a_busy_model_is_asked_again_and_viewers_are_told(start_server, start_simulator, fault):
    server = with_fault(start_server, start_simulator, "--fault", fault)
    client = server.socket()
    app = client.rpc("app.create", prompt="a timer")["rpc"]["data"]["app_id"]
    reply = client.subscribe(f"app:{app}")
    client.wait_for(f"app:{app}", "generation.finished", outcome="succeeded")
    told = [event for event in client.events(f"app:{app}", "build") if event.get("retry_in_ms") is not None]
    assert told or "retry_in_ms" in str(reply["data"]["build"]), "viewers are told of the retry"
    assert server.detail(app)["phase"] == "live"


@pytest.mark.parametrize(
    ("fault", "code"),
    [("drop-mid-stream", "model_connection_lost"), ("max-tokens", "answer_too_long")],
)
def test_a_model_that_keeps_failing_ends_the_turn_with_a_code(start_server, start_simulator, fault, code):
    server = with_fault(start_server, start_simulator, "--fault", fault)
    app = server.create("a quiz")
    assert failed(server, app) == {"code": code}
    status, _, body = server.request("POST", "/api/create?wait=ready", {"prompt": "a clock"})
    assert status == 502 and body["error"]["code"] == "generation_failed" and body["error"]["reason"] == {"code": code}


@pytest.mark.parametrize(
    ("fault", "code", "text"), [("529", "model_busy", "Overloaded"), ("500", "model_failed", "Internal server error")]
)
def test_what_the_service_said_reaches_the_page_and_the_log(start_server, start_simulator, browser, fault, code, text):
    server = with_fault(start_server, start_simulator, "--fault", fault)
    app = server.create("a quiz")
    error = failed(server, app)
    assert (error["code"], error["text"]) == (code, text) and error["request_id"].startswith("req_")
    ended = [line for line in server.log.splitlines() if "Turn ended" in line]
    assert text in ended[-1] and error["request_id"] in ended[-1]
    page = browser.person("Ana")
    page.goto(f"{server.site}/app/{app}")
    page.get_by_text(f"Its service said: “{text}”").first.wait_for()


def test_a_model_that_stalls_is_asked_once_more(start_server, start_simulator):
    # Two requests begin each turn: the code and its explanation.
    server = with_fault(start_server, start_simulator, "--fault", "stall:2", VIBE_MODEL_IDLE_TIMEOUT="1")
    app = server.create_and_wait("a calculator")
    assert server.detail(app)["versions"][-1]["version"] == 1


def test_a_model_that_stalls_again_ends_the_turn_and_retry_works(start_server, start_simulator):
    server = with_fault(start_server, start_simulator, "--fault", "stall:3", VIBE_MODEL_IDLE_TIMEOUT="1")
    app = server.create("a calculator")
    assert failed(server, app) == {"code": "model_silent"}
    assert server.request("POST", f"/api/app/{app}/retry", {})[0] == 202
    eventually(lambda: server.get(f"/api/app/{app}/status")["status"] == "active", "the second try is live")


@pytest.mark.parametrize("answer", ["no-message-stop", "done-marker", "surrogates"])
def test_a_whole_answer_is_taken_however_it_is_framed(start_server, start_simulator, answer):
    server = with_fault(start_server, start_simulator, "--answer", answer)
    app = server.create_and_wait("a tea timer")
    code = server.code(app)
    assert "export default" in code and code.endswith("};\n")
    assert ("{TITLE} 🎈🏔️</h1>" in code) == (answer == "surrogates")
    assert "model request" not in server.log, "nothing failed, and nothing was asked twice"


def test_a_refusal_is_told_as_one_and_paid_for_once(start_server, start_simulator):
    server = with_fault(start_server, start_simulator, "--answer", "refusal-stop", "--answer", "refusal-stop")
    app = server.create("a tea timer")

    def refusals():
        messages = server.get(f"/api/app/{app}/history")["message_history"]
        return [message["error"] for message in messages if message.get("error")]

    # A second request in one turn would take the second refusal too.
    for count in (1, 2):
        eventually(lambda count=count: len(refusals()) == count, "the turn has ended")
        error = refusals()[-1]
        assert (error["code"], error["text"]) == ("model_declined", "This request is against the usage policy.")
        server.wait_until_idle(app)
        assert server.request("POST", f"/api/app/{app}/retry", {})[0] == 202
    eventually(lambda: server.get(f"/api/app/{app}/status")["status"] == "active", "the third try is live")


def test_an_unreachable_model(start_server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server = start_server(ANTHROPIC_BASE_URL=f"http://127.0.0.1:{port}", ANTHROPIC_API_KEY="test-key", VIBE_MODEL_RETRIES="1")
    assert failed(server, server.create("a timer")) == {"code": "model_unreachable"}


def test_a_refused_key(start_server):
    class Refusal(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.dumps({"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key test-key"}}).encode()
            self.send_response(401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusal) as model:
        threading.Thread(target=model.serve_forever, daemon=True).start()
        server = start_server(ANTHROPIC_BASE_URL=f"http://127.0.0.1:{model.server_port}", ANTHROPIC_API_KEY="test-key")
        error = {"code": "model_key_refused", "text": "invalid x-api-key ***"}
        assert failed(server, server.create("a timer")) == error
        model.shutdown()


def test_two_repairs_at_most(start_server, start_simulator):
    server = with_fault(start_server, start_simulator, "--fault", "bad-component:100")
    client = server.socket()
    app = client.rpc("app.create", prompt="a timer")["rpc"]["data"]["app_id"]
    client.subscribe(f"app:{app}")
    event = client.wait_for(f"app:{app}", "generation.finished")
    assert event["outcome"] == "failed"
    repairs = [e for e in client.events(f"app:{app}", "build") if e["phase"] == "repairing" and e["state"] == "started"]
    assert [repair["attempt"] for repair in repairs] == [2, 3]
    assert [repair["repair"] for repair in repairs] == [{"number": 1, "limit": 2}, {"number": 2, "limit": 2}]
    assert event["error"] == {"code": "build_failed", "repairs": 2, "repair_limit": 2}
    errors = [e for e in client.events(f"app:{app}", "build") if e.get("errors")]
    assert errors and all(error["line"] >= 1 and error["column"] >= 1 and error["text"] for error in errors[0]["errors"])


def test_the_queue_is_bounded(start_server, start_simulator):
    simulator = start_simulator("--tokens-per-second", "5")
    server = start_server(ANTHROPIC_BASE_URL=simulator.url, ANTHROPIC_API_KEY="k")
    app = server.create("a timer")
    positions = [server.write(app, f"edit {n}")["position"] for n in range(1, 9)]
    assert positions == list(range(1, 9))
    status, headers, body = server.request("POST", f"/api/app/{app}/write", {"text": "one more"})
    assert status == 429 and body["error"]["code"] == "queue_full" and body["error"]["limit"] == 8 and headers["Retry-After"]
    refused = server.socket().rpc("app.write", app_id=app, text="one more")["error"]
    assert refused["message"] == "queue full" and refused["reason"] == {"code": "queue_full", "limit": 8}
    assert [item["text"] for item in server.detail(app)["queue"]] == [f"edit {n}" for n in range(1, 9)]
