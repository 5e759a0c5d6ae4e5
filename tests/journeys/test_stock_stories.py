"""What happens when goods or money are missing, told over HTTP; the loops behind the API do their part meanwhile."""

from collections.abc import Callable
from typing import Any

from tests.server import wait_until
from tests.shop_over_http import ShopOverHttp, euros


def becomes(shop: ShopOverHttp, order: dict[str, Any], status: str) -> Callable[[], bool]:
    return lambda: shop.read(order["id"]).json()["status"] == status


def test_a_sold_out_article_is_refused_with_what_is_left(shop: ShopOverHttp) -> None:
    shop.open(stock={"MIROIR": 3, "CADRE": 9})
    customer = {"email": "lea@example.fr", "name": "Léa", "locale": "fr"}
    refused = shop.place({"MIROIR": 4, "CADRE": 1}, customer=customer)
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    problem = refused.json()
    assert (problem["code"], problem["param"]) == ("insufficient_stock", "lines")
    assert problem["missing"] == [{"sku": "MIROIR", "requested": 4, "available": 3}]
    assert (shop.available("MIROIR"), shop.available("CADRE")) == (3, 9), "nothing half done"
    assert shop.get("/v1/orders", email="lea@example.fr").json()["items"] == []
    assert shop.place({"MIROIR": 3, "CADRE": 1}, customer=customer).status_code == 201


def test_a_refused_key_may_be_tried_again_when_goods_have_come(shop: ShopOverHttp) -> None:
    shop.open(stock={"BOUGIE": 0})
    assert shop.place({"BOUGIE": 1}, key="bougie").status_code == 409
    shop.receive({"BOUGIE": 1})
    assert shop.place({"BOUGIE": 1}, key="bougie").status_code == 201


def test_an_order_that_waits_is_served_by_the_next_receipt_the_oldest_promise_first(shop: ShopOverHttp) -> None:
    shop.open(stock={"FAUTEUIL": 1}, channel="atelier", missing_stock="backorder")
    later = shop.place({"FAUTEUIL": 2}, channel="atelier", delivery=promised("2030-06-20")).json()
    sooner = shop.place({"FAUTEUIL": 1}, channel="atelier", delivery=promised("2030-06-10")).json()
    assert (later["status"], later["release_at"]) == ("backordered", None)
    assert later["lines"][0]["stages"] == {"reserved": 1, "backordered": 1}
    assert sooner["lines"][0]["stages"] == {"backordered": 1}
    shop.receive({"FAUTEUIL": 1})
    wait_until(becomes(shop, sooner, "confirmed"))
    assert shop.read(later["id"]).json()["status"] == "backordered"
    shop.receive({"FAUTEUIL": 1})
    wait_until(becomes(shop, later, "confirmed"))
    assert shop.read(later["id"]).json()["release_at"] is not None
    assert shop.timeline(later["id"]) == ["OrderPlaced", "BackorderReserved"]
    assert shop.available("FAUTEUIL") == 0


def test_units_that_one_customer_gives_back_go_to_the_next_who_waits(shop: ShopOverHttp) -> None:
    shop.open(stock={"LIT": 1}, channel="atelier", missing_stock="backorder")
    has_it = shop.place({"LIT": 1}, channel="atelier").json()
    waits = shop.place({"LIT": 1}, channel="atelier").json()
    assert (has_it["status"], waits["status"]) == ("confirmed", "backordered")
    shop.ask(has_it["id"], "cancel-order", {"reason": "found_elsewhere"})
    wait_until(becomes(shop, waits, "confirmed"))


def test_a_count_that_finds_too_little_puts_the_latest_promise_on_hold(shop: ShopOverHttp) -> None:
    shop.open(stock={"TAPIS": 3})
    sooner = shop.place({"TAPIS": 1}, delivery=promised("2030-06-10")).json()
    later = shop.place({"TAPIS": 2}, delivery=promised("2030-06-20")).json()
    shop.count({"TAPIS": 2})
    wait_until(becomes(shop, later, "on_hold"))
    on_hold = shop.read(later["id"]).json()
    assert on_hold["lines"][0]["stages"] == {"reserved": 1, "backordered": 1}
    assert ([hold["reason"] for hold in on_hold["holds"]], on_hold["release_at"]) == (["missing_stock"], None)
    assert shop.read(sooner["id"]).json() == sooner
    shop.receive({"TAPIS": 1})
    wait_until(becomes(shop, later, "confirmed"))
    assert shop.read(later["id"]).json()["holds"] == []
    assert shop.timeline(later["id"]) == ["OrderPlaced", "UnitsMissing", "BackorderReserved"]


def test_an_order_above_its_authorization_waits_for_its_payment(shop: ShopOverHttp) -> None:
    shop.open(stock={"BUFFET": 5})
    placed = shop.place({"BUFFET": 2}, authorized=1_990).json()
    assert (placed["status"], placed["release_at"]) == ("awaiting_payment", None)
    assert [hold["reason"] for hold in placed["holds"]] == ["payment"]
    assert shop.available("BUFFET") == 3, "its goods are held for it meanwhile"
    wish = {"line": 1, "quantity": 1}
    preview = shop.ask(placed["id"], "change-line-quantity?preview=true", wish).json()
    assert preview["consequences"]["settlement"] == {"authorized": euros(1_990), "due": euros(0), "freed": euros(0)}
    paid = shop.ask(placed["id"], "change-line-quantity", wish).json()
    assert (paid["status"], paid["holds"]) == ("confirmed", [])
    assert paid["release_at"] is not None
    again = shop.ask(placed["id"], "change-line-quantity", {"line": 1, "quantity": 3}).json()
    assert (again["status"], again["release_at"]) == ("awaiting_payment", None)


def promised(date: str) -> dict[str, Any]:
    address = {"name": "Zoé", "line1": "12 rue de la Paix", "postcode": "75002", "city": "Paris", "country": "FR"}
    return {
        "method": "colissimo-home",
        "address": address,
        "promised_date": date,
        "price": {"minor_units": 0, "currency": "EUR"},
    }
