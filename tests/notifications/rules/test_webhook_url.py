"""The text of an address says whether an endpoint may have it, as far as a text can."""

import pytest

from aftercart.kit.refusal import Invalid
from aftercart.notifications.rules.webhook_url import EXPECTED_PUBLIC, require_public_url, require_webhook_url

PUBLIC = ("https://erp.example/hooks", "https://8.8.8.8/", "https://[2606:4700:4700::1111]/", "https://3com.example/")
PRIVATE = (
    "http://erp.example/",
    "https://127.0.0.1/x",
    "https://127.0.0.1./x",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1:8443/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://localhost/",
    "https://erp.localhost/",
)


@pytest.mark.parametrize("url", PUBLIC)
def test_what_may_lie_on_the_internet_passes(url: str) -> None:
    require_webhook_url(url, param="url")
    require_public_url(url, param="url")


@pytest.mark.parametrize("url", PRIVATE)
def test_what_cannot_lie_on_the_internet_is_refused(url: str) -> None:
    require_webhook_url(url, param="url")
    with pytest.raises(Invalid) as refused:
        require_public_url(url, param="url")
    assert (refused.value.param, refused.value.values["expected"]) == ("url", EXPECTED_PUBLIC)
