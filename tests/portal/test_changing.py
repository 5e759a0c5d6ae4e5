"""A change goes from its form over what it means and a code from the mailbox to the order; nothing is skipped."""

import pytest
from tests.portal.browsing import Customer, Page, open_customer
from tests.web.builders import LYON, PARIS, Api, eur


async def confirmed(customer: Customer, preview: Page) -> Page:
    """Goes on from what a change means to its end, with the code that is mailed."""
    assert preview.status == 200, preview.text
    code_page = await customer.send(preview)
    assert "code" in code_page.forms[0].fields, code_page.text
    return await customer.send(code_page, code=await customer.code())


async def test_an_order_is_canceled_with_a_code(customer: Customer) -> None:
    await customer.enter()
    form = await customer.get(f"{customer.path}/change/cancel-order")
    preview = await customer.send(form, reason="too_slow")
    assert "Rien des 1 000,00 € que vous avez autorisés n'est débité." in preview.text
    assert (await customer.stored())["status"] == "confirmed"
    done = await confirmed(customer, preview)
    assert (done.path, done.status) == (customer.path, 200)
    assert "Cette commande est annulée" in done.text
    assert (await customer.stored())["status"] == "canceled"


async def test_a_second_change_needs_no_second_code(customer: Customer) -> None:
    await customer.enter()
    first = await customer.get(f"{customer.path}/change/add-gift-message")
    await confirmed(customer, await customer.send(first, message="Pour toi"))
    second = await customer.send(await customer.get(f"{customer.path}/change/cancel-order"))
    assert "Annuler la commande" in second.text
    assert "annulée" in (await customer.send(second)).text


async def test_a_wrong_postcode_is_told_at_its_field(customer: Customer) -> None:
    await customer.enter()
    form = await customer.get(f"{customer.path}/change/change-delivery-address")
    assert form.forms[0].fields["city"] == LYON["city"]
    wrong = await customer.send(form, line1="1 rue de la Paix", postcode="7500", city="Paris")
    assert wrong.status == 422
    assert "Code postal : il nous faut un code postal de FR" in wrong.text
    assert wrong.forms[0].fields["line1"] == "1 rue de la Paix"
    right = await customer.send(wrong, postcode="75002")
    await confirmed(customer, right)
    assert (await customer.stored())["delivery"]["address"]["postcode"] == PARIS["postcode"]


async def test_another_size_is_chosen_among_those_there_are(customer: Customer) -> None:
    await customer.enter()
    form = await customer.get(f"{customer.path}/change/swap-variant?line=1")
    assert form.forms[0].choices["sku"] == ["S41", "S43"]
    done = await confirmed(customer, await customer.send(form, sku="S43"))
    assert "Échangé : 2 × Shoe 42 contre Shoe 43." in done.text


async def test_fewer_are_wanted(customer: Customer) -> None:
    await customer.enter()
    form = await customer.get(f"{customer.path}/change/change-line-quantity?line=1")
    await confirmed(customer, await customer.send(form, quantity="1"))
    assert (await customer.stored())["lines"][0]["quantity"] == 1


@pytest.mark.parametrize(
    ("change", "fields", "param"),
    [
        ("change-line-quantity?line=1", {"quantity": "many"}, "Quantité"),
        ("change-line-quantity?line=1", {"quantity": "0"}, "Quantité"),
        ("change-contact", {"email": "nobody"}, "Adresse électronique"),
        ("change-contact", {"name": ""}, "Prénom et nom"),
        ("add-line", {"other_sku": "NOTHING"}, "Référence d'un autre article"),
        ("add-gift-message", {}, "déjà ainsi"),
        ("add-gift-message", {"message": "a\x00b"}, "Vos mots : il nous faut du texte sans caractères de contrôle"),
        ("add-gift-message", {"message": "x" * 1001}, "Vos mots : il nous faut au plus 1000 caractère"),
        ("change-delivery-method", {"method": "pigeon"}, "Mode de livraison"),
        ("cancel-lines?line=1", {"quantity": "3"}, "Quantité"),
        ("cancel-order", {"reason": "none"}, "Pourquoi ?"),
    ],
)
async def test_what_cannot_be_is_told_where_it_is(
    change: str, fields: dict[str, str], param: str, customer: Customer
) -> None:
    await customer.enter()
    form = await customer.get(f"{customer.path}/change/{change}")
    page = await customer.post(form.forms[0].action, form.forms[0].fields | fields)
    assert page.status == 422, page.text
    assert param in page.text


async def test_an_order_again_lets_in_to_the_new_order(customer: Customer) -> None:
    await customer.enter()
    form = await customer.get(f"{customer.path}/change/order-again")
    done = await confirmed(customer, await customer.send(form))
    assert done.path.startswith("/orders/")
    assert done.path != customer.path
    assert "Nous attendons votre paiement" in done.text
    assert (await customer.get(customer.path)).path == customer.path


async def test_what_is_not_possible_says_why_and_what_is(api: Api) -> None:
    async with open_customer(api) as customer:
        await api.post(f"/v1/orders/{customer.order_id}/cancel-order", {"reason": "other"})
        await customer.enter()
        page = await customer.get(f"{customer.path}/change/change-delivery-address")
        assert page.status == 409
        assert "Cette commande est annulée." in page.text
        assert page.links["Commander à nouveau la même chose"] == f"{customer.path}/change/order-again"


async def test_words_over_two_lines_stay_as_they_are(customer: Customer) -> None:
    await customer.enter()
    form = await customer.get(f"{customer.path}/change/add-gift-message")
    await confirmed(customer, await customer.send(form, message="Pour toi\r\nZoé"))
    assert (await customer.stored())["gift_message"] == "Pour toi\nZoé"
    again = await customer.get(f"{customer.path}/change/add-gift-message")
    assert (await customer.send(again, message="Pour toi\r\nZoé")).status == 422


@pytest.mark.parametrize("body", ["a=1&" * 600, "a=" + "x" * 70_000, "%FF%FE=%00&token=%FF"])
async def test_a_form_that_is_none_is_refused(body: str, customer: Customer) -> None:
    await customer.enter()
    for path in (
        "/find",
        f"{customer.path}/change/cancel-order/preview",
        f"{customer.path}/change/cancel-order/confirm",
    ):
        answer = await customer.client.post(path, content=body)
        assert answer.status_code == 403, path


async def test_a_change_that_costs_says_so_before(api: Api) -> None:
    fee = {"change": "change_delivery_address", "fee_minor": 300}
    await api.post("/v1/policy", {"changes": [fee]})
    async with open_customer(api) as customer:
        page = await customer.enter()
        assert "coûte 3,00 €" in page.text
        form = await customer.get(f"{customer.path}/change/change-delivery-address")
        preview = await customer.send(form, line1="1 rue de la Paix", postcode="75002", city="Paris")
        assert "Ce changement coûte 3,00 €." in preview.text
        await confirmed(customer, preview)
        assert (await customer.stored())["totals"]["fees"]["minor_units"] == 300


async def test_what_the_shop_keeps_to_itself_is_said(api: Api) -> None:
    await api.post("/v1/policy", {"changes": [{"change": "cancel_order", "agents_only": True}]})
    async with open_customer(api) as customer:
        await customer.enter()
        form = await customer.get(f"{customer.path}/change/cancel-order")
        assert form.status == 409
        assert "Notre service client le fait pour vous." in form.text


async def test_another_store_is_chosen_among_those_there_are(api: Api) -> None:
    lines = [{"sku": "S42", "quantity": 1}]
    receipt = {"location": "PARIS-11", "reference": "PO-2", "lines": [{"sku": "S42", "quantity": 5}]}
    await api.post("/v1/stock/receive", receipt)
    delivery = {"method": "store-pickup", "pickup_point": "PARIS-11"}
    async with open_customer(api, lines=lines, delivery=delivery) as customer:
        await customer.enter()
        form = await customer.get(f"{customer.path}/change/change-pickup-point")
        assert form.forms[-1].choices["pickup_point"] == ["PARIS-11"]
        assert (await customer.send(form, form=-1)).status == 422


async def test_one_of_the_stores_that_have_it_is_chosen_instead_of_the_mail(api: Api) -> None:
    brest = {**LYON, "postcode": "29200", "city": "Brest"}
    week = {"timezone": "Europe/Paris", "cutoff": "18:00", "working_days": [1, 2, 3, 4, 5, 6]}
    store = {"code": "BREST", "name": "Brest", "kind": "store", "address": brest, "pickups": True, **week}
    assert (await api.post("/v1/locations", {"locations": [store]})).status_code == 200
    for place in ("BREST", "PARIS-11"):
        receipt = {"location": place, "reference": f"PO-{place}", "lines": [{"sku": "S42", "quantity": 5}]}
        await api.post("/v1/stock/receive", receipt)
    async with open_customer(api, lines=[{"sku": "S42", "quantity": 1}]) as customer:
        await customer.enter()
        form = await customer.get(f"{customer.path}/change/change-delivery-method")
        field = "pickup_point:store-pickup"
        assert form.forms[0].choices[field] == ["PARIS-11", "BREST"]
        assert form.forms[0].fields[field] == "PARIS-11"
        assert "5 quai Perrache, 29200 Brest" in form.text
        way = {"method": "store-pickup", field: "NOWHERE"}
        fields = form.forms[0].fields
        assert (await customer.post(form.forms[0].action, fields | way)).status == 422
        preview = await customer.post(form.forms[0].action, fields | way | {field: "BREST"})
        await confirmed(customer, preview)
        delivery = (await customer.stored())["delivery"]
        assert (delivery["method"], delivery["pickup_point"]) == ("store-pickup", "BREST")


@pytest.mark.parametrize("locale", ["fr-CH", "de", "en"])
async def test_whoever_changes_something_else_keeps_their_language(locale: str, api: Api) -> None:
    person = {"email": "a@example.com", "name": "A", "locale": locale}
    async with open_customer(api, customer=person) as customer:
        await customer.enter()
        form = await customer.get(f"{customer.path}/change/change-contact")
        await confirmed(customer, await customer.send(form, name="B"))
        stored = (await customer.stored())["customer"]
        assert (stored["name"], stored["locale"]) == ("B", locale)


async def test_a_product_of_one_size_says_that_there_is_no_other(api: Api) -> None:
    single = {"sku": "ONE", "product": "one", "name": "One", "price": eur(500), "tax_rate": "0.20"}
    sizes = {"weight_grams": 100, "dimensions_mm": [10, 10, 10]}
    assert (await api.post("/v1/variants", {"variants": [single | sizes]})).status_code == 200
    receipt = {"location": "LYON", "reference": "PO-3", "lines": [{"sku": "ONE", "quantity": 5}]}
    await api.post("/v1/stock/receive", receipt)
    async with open_customer(api, lines=[{"sku": "ONE", "quantity": 1}]) as customer:
        await customer.enter()
        page = await customer.get(f"{customer.path}/change/swap-variant?line=1")
        assert "Il n'y a rien à choisir pour le moment." in page.text
