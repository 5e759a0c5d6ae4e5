"""The process as its partners see it: mails in the demo's mailbox, webhooks at another system's door."""

import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook
from tests.server import aftercart, create_key_now, serving, target_of, wait_until
from tests.shop_over_http import ShopOverHttp


def page(address: str, path: str) -> str:
    answer = httpx.get(f"{address}{path}", trust_env=False, headers={"Accept-Language": "fr"})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_demo_shows_the_mails_of_its_customers(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path, "--demo") as server:
        wait_until(lambda: server.output)
        assert f"{server.address}/mailbox" in server.output
        key = re.findall(r"API key +(\S+)", server.output)[0]
        with ShopOverHttp(server.address, key) as shop:
            placed = shop.place({"QUAI-NOIR-42": 1}).json()
        wait_until(lambda: f"Votre commande {placed['number']} est confirmée" in page(server.address, "/mailbox"))
        listed = page(server.address, "/mailbox")
        mail_id = re.findall(rf'href="/mailbox/([\w-]+)"><strong>[^<]*{placed["number"]}', listed)[0]
        shown = page(server.address, f"/mailbox/{mail_id}/html")
        assert re.search(rf'href="{server.address}/o/[\w-]{{43}}"', shown)
        assert (tmp_path / ".aftercart" / "server-secret").stat().st_mode & 0o777 == 0o600
        assert server.log == ""


class Hook(ThreadingHTTPServer):
    """Another system: keeps what it is told, and answers 500 to its first call."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.calls = 0


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        hook: Any = self.server
        hook.calls += 1
        body = self.rfile.read(int(self.headers["content-length"]))
        if hook.calls > 1:
            hook.told.append((dict(self.headers.items()), body))
        self.send_response(500 if hook.calls == 1 else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base
        """Says nothing."""


@contextmanager
def other_system() -> Generator[Hook]:
    with Hook() as hook:
        thread = threading.Thread(target=hook.serve_forever)
        thread.start()
        try:
            yield hook
        finally:
            hook.shutdown()
            thread.join()


def test_another_system_hears_of_everything_signed_and_in_order(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "aftercart.toml").write_text("webhook_private_addresses = true\n")
    key = create_key_now(database_url, role="admin")
    with (
        other_system() as hook,
        serving(database_url, tmp_path) as server,
        ShopOverHttp(server.address, key) as shop,
    ):
        wish = {"url": f"http://127.0.0.1:{hook.server_port}/hooks", "event_types": ["OrderPlaced", "OrderCanceled"]}
        endpoint = shop.post("/v1/webhook-endpoints", wish).json()
        shop.open(stock={"LAMPE": 5})
        placed = shop.place({"LAMPE": 1}).json()
        shop.ask(placed["id"], "cancel-order", {"reason": "other"})
        wait_until(lambda: len(hook.told) == 2)
        events = [Webhook(endpoint["secret"]).verify(body, headers) for headers, body in hook.told]
        assert [(event["stream"], event["type"]) for event in events] == [
            (placed["id"], "OrderPlaced"),
            (placed["id"], "OrderCanceled"),
        ]
        feed = shop.get("/v1/events", limit="1000").json()["items"]
        assert all(event in feed for event in events)
        deliveries = f"/v1/webhook-endpoints/{endpoint['id']}/deliveries"
        wait_until(lambda: {call["state"] for call in shop.get(deliveries).json()["items"]} == {"sent"})
        assert [call["attempts"] for call in shop.get(deliveries).json()["items"]] == [1, 2]


def test_links_open_after_a_restart_and_are_made_for_the_shops_address(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "aftercart.toml").write_text('public_url = "https://maison.example"\n')
    key = create_key_now(database_url, role="admin")
    links: list[str] = []
    secrets: list[str] = []
    for _ in range(2):
        with serving(database_url, tmp_path) as server, ShopOverHttp(server.address, key) as shop:
            shop.open(stock={"TABLE": 5})
            placed = shop.place({"TABLE": 1}, key="the-same").json()
            links.append(shop.ask(placed["id"], "create-customer-link", None).json()["url"])
            secrets.append((tmp_path / ".aftercart" / "server-secret").read_text())
    assert all(link.startswith("https://maison.example/o/") for link in links)
    assert secrets[0] == secrets[1]


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ('smtp_url = "smtp://shop:hunter2@mail.example?tls=none"', "AFTERCART_SMTP_URL"),
        ('mail_from = "nobody"', "AFTERCART_MAIL_FROM"),
        ('timezone = "Mars/Olympus"', "AFTERCART_TIMEZONE"),
        ('secret = "hunter2"', "secret in aftercart.toml"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_no_secret_repeated(
    setting: str, complaint: str, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "aftercart.toml").write_text(f"{setting}\n")
    answer = aftercart("serve", "--port", "1", *target_of(database_url), folder=tmp_path)
    assert answer.returncode == 2, answer
    assert complaint in answer.stderr
    assert "hunter2" not in answer.stderr
