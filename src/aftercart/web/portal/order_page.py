"""The page of one order, for the customer who was let in to it."""

import asyncio

from aftercart.orders.model import ChangeKind
from aftercart.orders.queries import load_policy
from aftercart.views.customer_page import find_page_facts
from aftercart.web.api.reply import Reply
from aftercart.web.portal.shown_order import shown_order
from aftercart.web.portal.visit import NotLetIn, Portal, Visit


class OrderPage:
    """Shows orders."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    async def show(self, visit: Visit) -> Reply:
        """Shows the order as it is now; three reads, at once."""
        session = visit.require_session()
        database = self._portal.shop.database
        order, policy, facts = await asyncio.gather(
            self._portal.orders.find(session.order_id),
            load_policy(database),
            find_page_facts(database, session.order_id),
        )
        if order is None:
            raise NotLetIn(session.number)
        voice = visit.voice(order)
        shown = shown_order(
            order, voice, now=visit.now, policy=policy, events=facts.events, location_names=facts.location_names
        )
        done = visit.query.get("done", "")
        is_change = done in {kind.value for kind in ChangeKind}
        return visit.page("order.html", voice, order=shown, done=voice.say("done") if is_change else None)
