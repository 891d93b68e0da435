"""Anthropic's own Python SDK against `vibe simulate-claude`."""

import http.client
import json
import re
import threading
from urllib.parse import urlsplit

import anthropic
import pytest

CODE_SYSTEM = "Code: src/LLMComponent.tsx"


def sdk(simulator, **options) -> anthropic.Anthropic:
    options = {"api_key": "key", "max_retries": 0, "timeout": 30, **options}
    return anthropic.Anthropic(base_url=simulator.url, **options)


def ask(text="a counter", system=CODE_SYSTEM, max_tokens=16_000) -> dict:
    return {
        "model": "claude-sonnet-4-6",
        "max_tokens": max_tokens,
        "system": system,
        "messages": [{"role": "user", "content": text}],
    }


def post(simulator, path: str, body: bytes, headers: dict[str, str], length: int | None = None):
    """(status, parsed JSON), without the SDK."""
    connection = http.client.HTTPConnection(urlsplit(simulator.url).netloc, timeout=30)
    connection.request("POST", path, body, {**headers, "content-length": str(length or len(body))})
    answer = connection.getresponse()
    status, data = answer.status, json.loads(answer.read())
    connection.close()
    return status, data


def code_in(text: str) -> str:
    fenced = re.search(r"```tsx\n(.*?)```", text, re.S)
    return fenced.group(1) if fenced else text


@pytest.fixture
def fast(start_simulator):
    return start_simulator("--tokens-per-second", "0")


def test_streams_and_answers_the_same(fast):
    client = sdk(fast)
    with client.messages.stream(**ask()) as stream:
        pieces = list(stream.text_stream)
        streamed = stream.get_final_message()
    plain = client.messages.create(**ask())
    text = "".join(pieces)
    assert len(pieces) > 100
    assert text == streamed.content[0].text == plain.content[0].text
    assert "export default function" in text
    assert streamed.stop_reason == plain.stop_reason == "end_turn"
    assert streamed.usage.input_tokens == plain.usage.input_tokens > 10
    assert streamed.usage.output_tokens == plain.usage.output_tokens == len(pieces)
    assert streamed.role == "assistant" and streamed.model == "claude-sonnet-4-6"
    assert streamed.id.startswith("msg_") and streamed.id != plain.id
    assert plain._request_id.startswith("req_")


def test_counts_tokens(fast):
    request = ask()
    del request["max_tokens"]
    assert sdk(fast).messages.count_tokens(**request).input_tokens > 10


def test_chats_about_the_prompt(fast):
    answer = sdk(fast).messages.create(**ask("a tea timer", system="Explain."))
    assert "a tea timer" in answer.content[0].text
    assert len(answer.content[0].text) < 400


def test_changes_the_code_that_it_is_given(fast):
    client = sdk(fast)
    code = code_in(client.messages.create(**ask()).content[0].text)
    wish = f'<current_file path="src/LLMComponent.tsx">\n{code}\n</current_file>\n\n<request>\nmake it red and add a footer\n</request>'
    changed = code_in(client.messages.create(**ask(wish)).content[0].text)
    assert "bg-red-" in changed and "<footer" in changed
    assert code.split("  return (")[0] == changed.split("  return (")[0]


def test_honours_the_limit_and_stop_sequences(fast):
    client = sdk(fast)
    short = client.messages.create(**ask(max_tokens=12))
    assert short.stop_reason == "max_tokens" and short.usage.output_tokens == 12
    stopped = client.messages.create(**ask(), stop_sequences=["export default"])
    assert stopped.stop_reason == "stop_sequence" and stopped.stop_sequence == "export default"
    assert "export default" not in stopped.content[0].text


@pytest.mark.parametrize(
    "change, error, type",
    [
        ({"max_tokens": 0}, anthropic.BadRequestError, "invalid_request_error"),
        ({"messages": []}, anthropic.BadRequestError, "invalid_request_error"),
        ({"messages": [{"role": "system", "content": "x"}]}, anthropic.BadRequestError, "invalid_request_error"),
    ],
)
def test_refuses_bad_requests(fast, change, error, type):
    with pytest.raises(error) as caught:
        sdk(fast).messages.create(**{**ask(), **change})
    assert caught.value.body["error"]["type"] == type
    assert caught.value.body["request_id"] == caught.value.request_id


def test_refuses_a_wrong_key_and_a_missing_one(start_simulator):
    simulator = start_simulator("--api-key", "right")
    with pytest.raises(anthropic.AuthenticationError) as caught:
        sdk(simulator).messages.create(**ask())
    assert caught.value.body["error"]["type"] == "authentication_error"
    status, body = post(simulator, "/v1/messages", json.dumps(ask()).encode(), {})
    assert status == 401 and body["type"] == "error"
    assert sdk(simulator, api_key="right").messages.create(**ask(max_tokens=1))


def test_needs_the_version_and_a_known_path(fast):
    status, body = post(fast, "/v1/messages", json.dumps(ask()).encode(), {"x-api-key": "k"})
    assert status == 400 and "anthropic-version" in body["error"]["message"]
    status, body = post(fast, "/v1/other", b"{}", {"x-api-key": "k"})
    assert status == 404 and body["error"]["type"] == "not_found_error"


def test_refuses_a_body_that_is_too_long(fast):
    headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
    status, body = post(fast, "/v1/messages", b"{", headers, length=33 << 20)
    assert status == 413 and body["error"]["type"] == "request_too_large"
    assert sdk(fast).messages.create(**ask(max_tokens=1))


@pytest.mark.parametrize(
    "fault, error, type",
    [
        ("429", anthropic.RateLimitError, "rate_limit_error"),
        ("529", anthropic.InternalServerError, "overloaded_error"),
        ("500", anthropic.InternalServerError, "api_error"),
    ],
)
def test_fails_as_documented_and_the_sdk_tries_again(start_simulator, fault, error, type):
    simulator = start_simulator("--tokens-per-second", "0", "--fault", f"{fault}:2")
    with pytest.raises(error) as caught:
        sdk(simulator).messages.create(**ask())
    assert caught.value.status_code == int(fault)
    assert caught.value.body["error"]["type"] == type
    assert ("retry-after" in caught.value.response.headers) == (fault == "429")
    # The second failure is met by the SDK's own retry.
    with sdk(simulator, max_retries=2).messages.stream(**ask()) as stream:
        assert "export default" in stream.get_final_text()


def test_drops_the_connection_in_mid_stream(start_simulator):
    simulator = start_simulator("--tokens-per-second", "0", "--fault", "drop-mid-stream:1")
    got = []
    with pytest.raises(Exception, match="(?i)peer closed|incomplete|connection"):
        with sdk(simulator).messages.stream(**ask()) as stream:
            got.extend(stream.text_stream)
    assert got
    assert sdk(simulator).messages.create(**ask()).stop_reason == "end_turn"


def test_stalls(start_simulator):
    simulator = start_simulator("--tokens-per-second", "0", "--fault", "stall:1")
    got = []
    with pytest.raises(Exception, match="(?i)timed? ?out"):
        with sdk(simulator, timeout=anthropic.Timeout(30, read=1)).messages.stream(**ask()) as stream:
            got.extend(stream.text_stream)
    assert got


def test_reaches_the_limit_early(start_simulator):
    simulator = start_simulator("--tokens-per-second", "0", "--fault", "max-tokens:1")
    client = sdk(simulator)
    assert client.messages.create(**ask()).stop_reason == "max_tokens"
    assert client.messages.create(**ask()).stop_reason == "end_turn"


def test_breaks_a_component_and_mends_it(start_simulator):
    simulator = start_simulator("--tokens-per-second", "0", "--fault", "bad-component")
    client = sdk(simulator)
    broken = code_in(client.messages.create(**ask("<request>\na counter\n</request>")).content[0].text)
    mended = code_in(
        client.messages.create(
            **ask(
                f'<current_file path="src/LLMComponent.tsx">\n{broken}\n</current_file>\n\n'
                "<errors>\nsrc/LLMComponent.tsx:1:1: Unexpected\n</errors>\n\n<request>\na counter\n</request>"
            )
        )
        .content[0]
        .text
    )
    good = start_simulator("--tokens-per-second", "0")
    assert mended == code_in(sdk(good).messages.create(**ask("<request>\na counter\n</request>")).content[0].text)
    assert mended != broken


def test_streams_many_at_a_time_and_forgets_those_that_leave(fast):
    client = sdk(fast)
    texts = {}

    def run(number):
        if number % 4 == 0:
            with client.messages.stream(**ask(f"counter number {number}")) as stream:
                next(iter(stream.text_stream))
            return
        with client.messages.stream(**ask(f"counter number {number}")) as stream:
            texts[number] = stream.get_final_text()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 24 and len(set(texts.values())) == 24


def test_a_paced_stream_is_whole(start_simulator):
    simulator = start_simulator("--tokens-per-second", "200")
    client = sdk(simulator)
    with client.messages.stream(**ask(max_tokens=100)) as stream:
        pieces = list(stream.text_stream)
    assert len(pieces) == 100
