"""English: what is written to customers."""

from typing import Final

PHRASES: Final = {
    # Words of every message.
    "greeting": "Hello {name},",
    "colon": ":",
    "moment": "{day} at {time} ({place} time)",
    "button": "See my order",
    "link_is_personal": "This link is yours alone: whoever has it can see your order.",
    "why_you": "You receive this message because an order was placed at {shop} with this address.",
    "not_you": "This change was not yours? Tell us at once.",
    # The order.
    "lines": "Your order",
    "order_number": "Order {number}",
    "placed": "Placed on",
    "quantity_and_price": "{quantity} × {price}",
    "discount_of_line": "Discount: {amount}",
    "gift_message": "Gift message: “{message}”",
    "waiting_units": "{quantity} waiting for stock",
    "items": "Items",
    "discount": "Discount",
    "delivery": "Delivery",
    "free": "free",
    "total": "Total",
    "tax_included": "including {rate} VAT",
    "delivery_address": "Delivery address",
    "pickup_point": "Pickup point",
    "slot": "Delivery slot, from",
    "fees": "Fees for changes",
    "promised": "Expected",
    "promised_unknown": "We will tell you the date as soon as we know it.",
    "billing_address": "Billing address",
    "payment": "Payment",
    "payment_card": "Card",
    "payment_bank_transfer": "Bank transfer",
    "payment_paypal": "PayPal",
    "payment_invoice": "Invoice",
    # The clock.
    "clock": "Changed your mind?",
    "clock_until": (
        "You can change or cancel this order until {moment}. After that it is still possible as long as nobody has "
        "taken your items in hand."
    ),
    "clock_over": "We may begin to prepare your order at any moment. Until then you can still change or cancel it.",
    "clock_payment": (
        "We wait for your payment until {moment}. Until then you can change or cancel this order; after that it is "
        "canceled."
    ),
    "clock_backordered": (
        "You can change or cancel this order until we begin to prepare it. We cannot say yet when that is: items of it "
        "are still to arrive."
    ),
    "clock_making": (
        "You can change or cancel this order until we begin to make it. We cannot say yet on which day that is."
    ),
    "clock_in_production": (
        "What we have begun to make for you can no longer be changed. You can change the rest until we begin to "
        "prepare it. We cannot say yet when that is."
    ),
    "clock_held": (
        "You can change or cancel this order until we begin to prepare it. We cannot say yet when that is: something "
        "has to be settled first."
    ),
    "clock_preparing": (
        "We are preparing your order. Until your parcel leaves you can still take items out of it, or cancel it: what "
        "is in our hands already, we put back."
    ),
    "clock_closed": "Your order can no longer be changed online.",
    # The confirmation.
    "confirmed_subject": "Your order {number} is confirmed",
    "confirmed_heading": "Thank you, your order is confirmed.",
    "confirmed_intro": "Here is all of it, and how it reaches you.",
    "unpaid_subject": "Your order {number} awaits your payment",
    "unpaid_heading": "Thank you. We have your order, the payment is still missing.",
    "unpaid_intro": "{due} remains to be paid. Your items are reserved for you until then.",
    "backordered_subject": "Your order {number}: some of it is still to arrive",
    "backordered_heading": "Thank you, we have your order.",
    "backordered_intro": "Some of it is not in stock yet. We write to you as soon as it is.",
    # The change.
    "changed_subject": "Your order {number} was changed",
    "changed_heading": "Your order was changed.",
    "changes": "What changed",
    "before": "before",
    "now": "now",
    "nothing": "none",
    "removed": "taken out",
    "quantity_of": "Quantity of {name}",
    "gift_message_of": "Gift message of {name}",
    "gift_message_of_order": "Gift message",
    "delivery_method": "Delivery",
    "delivery_price": "Price of the delivery",
    "name": "Name",
    "email": "E-mail address",
    "phone": "Phone",
    "new_total": "Total",
    "due": "{due} remains to be paid: the total is above the amount you authorized ({authorized}).",
    "due_until": "Without a payment until {moment} the order is canceled.",
    "freed": "Of the {authorized} you authorized, {freed} will not be charged.",
    "intercepted": (
        "Already being prepared: {names}. We take out what you no longer want before your parcel leaves, and you do "
        "not pay for it."
    ),
    # The cancellation.
    "canceled_subject": "Your order {number} is canceled",
    "canceled_heading": "Your order is canceled.",
    "canceled_lines": "What you do not get",
    "canceled_reason": "Reason: {reason}.",
    "reason_changed_mind": "you changed your mind",
    "reason_ordered_by_mistake": "it was ordered by mistake",
    "reason_too_slow": "it would have come too late",
    "reason_found_elsewhere": "you found it elsewhere",
    "reason_other": "another one",
    "canceled_unpaid": "We did not receive your payment in time.",
    "not_charged": (
        "Nothing of the {authorized} you authorized is charged. Your bank may show the amount for a few more days."
    ),
    "nothing_paid": "Nothing was paid, so there is nothing to give back.",
    # The delay.
    "delayed_subject": "Your order {number} comes later: {day}",
    "delayed_heading": "Your order comes later than we told you.",
    "delayed_intro": "We had told you {before}. Now we expect it on {after}. We are sorry.",
    "sooner_subject": "Your order {number} comes sooner: {day}",
    "sooner_heading": "Your order comes sooner than we told you.",
    "sooner_intro": "We had told you {before}. Now we expect it on {after}.",
    "dated_subject": "Your order {number} is expected: {day}",
    "dated_heading": "We know now when your order comes.",
    "dated_intro": "We expect it on {after}.",
    "undated_subject": "Your order {number}: the date is open again",
    "undated_heading": "We cannot keep the date we told you.",
    "undated_intro": "We do not know yet when it comes, and write to you as soon as we do. We are sorry.",
    "delayed_possible": "You can wait, change your order, or cancel it.",
    "reason": "What happened",
    # Stock that arrived.
    "arrived_subject": "Your order {number}: what was missing has arrived",
    "arrived_heading": "What was missing has arrived.",
    "arrived_lines": "Now reserved for you",
    "arrived_all": "Your order is complete and can be prepared.",
    "arrived_held": "Your order is complete. It is prepared once everything else is settled.",
    "arrived_in_part": "Parts of {name}",
    "arrived_part": "The rest is still to arrive; we write again when it is there.",
    # What is made for one customer.
    "producing_subject": "Your order {number}: we have begun to make it",
    "producing_heading": "We have begun to make it.",
    "producing_intro": "From now on this part of your order can no longer be changed or canceled.",
    "producing_lines": "Being made for you",
    # The address that is written to no more.
    "address_replaced_subject": "Your order {number}: another e-mail address",
    "address_replaced_heading": "We write to another address from now on.",
    "address_replaced": (
        "The e-mail address of your order {number} was changed. What concerns it does not come to this address any "
        "more."
    ),
    "address_not_you": "This change was not yours? Tell the customer service of {shop} at once.",
    # The code.
    "code_subject": "Your code for order {number}",
    "code_heading": "Your code",
    "code_sign_in": "Type this code to see your order {number}.",
    "code_confirm_change": "Type this code to confirm the change of your order {number}.",
    "code_valid": "It works once, until {moment}.",
    "code_not_you": (
        "You did not ask for it? Then do nothing: without this code nobody gets in. Never tell it to anybody who calls "
        "or writes to you."
    ),
    # The mailbox of a demo shop.
    "mailbox": "Mailbox",
    "mailbox_why": "Mail of this demo shop goes nowhere: it is kept here, the newest first.",
    "mailbox_empty": "No mail yet. Place an order, and its confirmation arrives here.",
    "mailbox_all": "All mails",
    "mailbox_from": "From",
    "mailbox_to": "To",
    "mailbox_sent": "Sent",
    "mailbox_html": "As mail programs show it",
    "mailbox_text": "As text",
    "mailbox_headers": "Headers",
    "mailbox_raw": "As it came",
    "mailbox_missing": "There is no such mail.",
}
