"""One URL says where mail goes out; a password neither goes out in the clear nor into an error message."""

import msgspec
import pytest

from aftercart.integrations.smtp.server_url import SmtpServer, Tls, smtp_server
from aftercart.settings import SettingRefused


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpServer(host="mail.example", port=587, tls=Tls.STARTTLS)),
        ("smtps://mail.example", SmtpServer(host="mail.example", port=465, tls=Tls.IMPLICIT)),
        ("smtp://mail.example?tls=none", SmtpServer(host="mail.example", port=25, tls=Tls.NONE)),
        ("smtp://[::1]:2525/?tls=none", SmtpServer(host="::1", port=2525, tls=Tls.NONE)),
        (
            "smtp://a%40b.example:p%3Aw%2F@mail.example:2587?tls=starttls",
            msgspec.convert(
                {
                    "host": "mail.example",
                    "port": 2587,
                    "tls": "starttls",
                    "user": "a@b.example",
                    "password": "p:w/",
                },
                SmtpServer,
            ),
        ),
    ],
)
def test_a_url_names_the_server(url: str, server: SmtpServer) -> None:
    assert smtp_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://u:hunter2@mail.example",
        "smtp://",
        "smtp://u:hunter2@mail.example:port",
        "smtp://u:hunter2@mail.example?tls=maybe",
        "smtp://u:hunter2@mail.example?tls=none",
        "smtp://u:hunter2@mail.example?ssl=yes",
        "smtp://u:hunter2@mail.example/path",
        "smtps://u:hunter2@mail.example?tls=starttls",
        "smtp://u:hunter2@mail.example?tls=implicit",
    ],
)
def test_what_names_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingRefused, match="AFTERCART_SMTP_URL") as refused:
        smtp_server(url)
    assert "hunter2" not in str(refused.value)
