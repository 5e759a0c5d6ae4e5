"""French: what is written to customers."""

from typing import Final

PHRASES: Final = {
    # Words of every message.
    "greeting": "Bonjour {name},",
    "colon": " :",
    "moment": "{day} à {time} (heure de {place})",
    "button": "Voir ma commande",
    "link_is_personal": "Ce lien vous est personnel : qui le détient voit votre commande.",
    "why_you": "Vous recevez ce message parce qu'une commande a été passée chez {shop} avec cette adresse.",
    "not_you": "Ce changement ne vient pas de vous ? Prévenez-nous sans attendre.",
    # The order.
    "lines": "Votre commande",
    "order_number": "Commande {number}",
    "placed": "Passée le",
    "quantity_and_price": "{quantity} × {price}",
    "discount_of_line": "Remise : {amount}",
    "gift_message": "Message cadeau : « {message} »",
    "waiting_units": "{quantity} en attente de stock",
    "items": "Articles",
    "discount": "Remise",
    "delivery": "Livraison",
    "free": "offerte",
    "total": "Total",
    "tax_included": "dont TVA {rate}",
    "delivery_address": "Adresse de livraison",
    "pickup_point": "Point de retrait",
    "slot": "Créneau de livraison, à partir de",
    "fees": "Frais de modification",
    "promised": "Date prévue",
    "promised_unknown": "Nous vous donnerons la date dès que nous la connaîtrons.",
    "billing_address": "Adresse de facturation",
    "payment": "Paiement",
    "payment_card": "Carte bancaire",
    "payment_bank_transfer": "Virement",
    "payment_paypal": "PayPal",
    "payment_invoice": "Facture",
    # The clock.
    "clock": "Vous changez d'avis ?",
    "clock_until": (
        "Vous pouvez modifier ou annuler cette commande jusqu'au {moment}. Ensuite, cela reste possible tant que "
        "personne n'a pris vos articles en main."
    ),
    "clock_over": (
        "La préparation de votre commande peut commencer à tout moment. D'ici là, vous pouvez encore la modifier ou "
        "l'annuler."
    ),
    "clock_payment": (
        "Nous attendons votre paiement jusqu'au {moment}. D'ici là, vous pouvez modifier ou annuler cette commande ; "
        "ensuite, elle est annulée."
    ),
    "clock_backordered": (
        "Vous pouvez modifier ou annuler cette commande tant que sa préparation n'a pas commencé. Nous ne pouvons pas "
        "encore dire quand : des articles doivent arriver."
    ),
    "clock_making": (
        "Vous pouvez modifier ou annuler cette commande tant que sa fabrication n'a pas commencé. Nous ne pouvons pas "
        "encore dire quel jour."
    ),
    "clock_in_production": (
        "Ce que nous avons commencé à fabriquer pour vous ne peut plus être modifié. Vous pouvez modifier le reste "
        "tant que sa préparation n'a pas commencé. Nous ne pouvons pas encore dire quand."
    ),
    "clock_held": (
        "Vous pouvez modifier ou annuler cette commande tant que sa préparation n'a pas commencé. Nous ne pouvons pas "
        "encore dire quand : un point doit d'abord être réglé."
    ),
    "clock_preparing": (
        "Nous préparons votre commande. Jusqu'au départ de votre colis, vous pouvez encore en retirer des articles ou "
        "l'annuler : nous remettons en rayon ce qui est déjà entre nos mains."
    ),
    "clock_closed": "Votre commande ne peut plus être modifiée en ligne.",
    # The confirmation.
    "confirmed_subject": "Votre commande {number} est confirmée",
    "confirmed_heading": "Merci, votre commande est confirmée.",
    "confirmed_intro": "La voici en entier, et comment elle vous parvient.",
    "unpaid_subject": "Votre commande {number} attend votre paiement",
    "unpaid_heading": "Merci. Votre commande est enregistrée, il manque le paiement.",
    "unpaid_intro": "Il reste {due} à régler. D'ici là, vos articles vous sont réservés.",
    "backordered_subject": "Votre commande {number} : des articles doivent encore arriver",
    "backordered_heading": "Merci, votre commande est enregistrée.",
    "backordered_intro": "Des articles ne sont pas encore en stock. Nous vous écrivons dès qu'ils arrivent.",
    # The change.
    "changed_subject": "Votre commande {number} a été modifiée",
    "changed_heading": "Votre commande a été modifiée.",
    "changes": "Ce qui a changé",
    "before": "avant",
    "now": "maintenant",
    "nothing": "aucun",
    "removed": "retiré",
    "quantity_of": "Quantité de {name}",
    "gift_message_of": "Message cadeau de {name}",
    "gift_message_of_order": "Message cadeau",
    "delivery_method": "Livraison",
    "delivery_price": "Prix de la livraison",
    "name": "Nom",
    "email": "Adresse électronique",
    "phone": "Téléphone",
    "new_total": "Total",
    "due": "Il reste {due} à régler : le total dépasse le montant que vous avez autorisé ({authorized}).",
    "due_until": "Sans paiement d'ici le {moment}, la commande est annulée.",
    "freed": "Sur les {authorized} que vous avez autorisés, {freed} ne seront pas débités.",
    "intercepted": (
        "Déjà en préparation : {names}. Nous retirons ce que vous ne voulez plus avant le départ de votre colis, et "
        "vous ne le payez pas."
    ),
    # The cancellation.
    "canceled_subject": "Votre commande {number} est annulée",
    "canceled_heading": "Votre commande est annulée.",
    "canceled_lines": "Ce que vous ne recevrez pas",
    "canceled_reason": "Motif : {reason}.",
    "reason_changed_mind": "vous avez changé d'avis",
    "reason_ordered_by_mistake": "elle a été passée par erreur",
    "reason_too_slow": "elle serait arrivée trop tard",
    "reason_found_elsewhere": "vous avez trouvé ailleurs",
    "reason_other": "autre",
    "canceled_unpaid": "Nous n'avons pas reçu votre paiement à temps.",
    "not_charged": (
        "Rien n'est débité des {authorized} que vous avez autorisés. Votre banque peut afficher ce montant quelques "
        "jours encore."
    ),
    "nothing_paid": "Rien n'a été payé : il n'y a rien à rembourser.",
    # The delay.
    "delayed_subject": "Votre commande {number} arrivera plus tard : {day}",
    "delayed_heading": "Votre commande arrivera plus tard qu'annoncé.",
    "delayed_intro": "Nous vous avions annoncé : {before}. Nous la prévoyons désormais : {after}. Nous sommes désolés.",
    "sooner_subject": "Votre commande {number} arrivera plus tôt : {day}",
    "sooner_heading": "Votre commande arrivera plus tôt qu'annoncé.",
    "sooner_intro": "Nous vous avions annoncé : {before}. Nous la prévoyons désormais : {after}.",
    "dated_subject": "Votre commande {number} est prévue : {day}",
    "dated_heading": "Nous savons quand votre commande arrivera.",
    "dated_intro": "Nous la prévoyons : {after}.",
    "undated_subject": "Votre commande {number} : la date est de nouveau ouverte",
    "undated_heading": "Nous ne pouvons pas tenir la date annoncée.",
    "undated_intro": (
        "Nous ne savons pas encore quand elle arrivera, et vous écrirons dès que nous le saurons. Nous sommes désolés."
    ),
    "delayed_possible": "Vous pouvez attendre, modifier votre commande ou l'annuler.",
    "reason": "Ce qui s'est passé",
    # Stock that arrived.
    "arrived_subject": "Votre commande {number} : ce qui manquait est arrivé",
    "arrived_heading": "Ce qui manquait est arrivé.",
    "arrived_lines": "Désormais réservé pour vous",
    "arrived_all": "Votre commande est complète et peut être préparée.",
    "arrived_held": "Votre commande est complète. Elle sera préparée une fois que tout le reste sera réglé.",
    "arrived_in_part": "Des éléments de {name}",
    "arrived_part": "Le reste doit encore arriver ; nous vous écrirons à ce moment-là.",
    # What is made for one customer.
    "producing_subject": "Votre commande {number} : la fabrication a commencé",
    "producing_heading": "La fabrication a commencé.",
    "producing_intro": "Cette partie de votre commande ne peut plus être modifiée ni annulée.",
    "producing_lines": "En cours de fabrication pour vous",
    # The address that is written to no more.
    "address_replaced_subject": "Votre commande {number} : une autre adresse électronique",
    "address_replaced_heading": "Nous écrivons désormais à une autre adresse.",
    "address_replaced": (
        "L'adresse électronique de votre commande {number} a été changée. Ce qui la concerne n'arrive plus à cette "
        "adresse."
    ),
    "address_not_you": "Ce changement ne vient pas de vous ? Prévenez sans attendre le service client de {shop}.",
    # The code.
    "code_subject": "Votre code pour la commande {number}",
    "code_heading": "Votre code",
    "code_sign_in": "Saisissez ce code pour voir votre commande {number}.",
    "code_confirm_change": "Saisissez ce code pour confirmer la modification de votre commande {number}.",
    "code_valid": "Il sert une seule fois, jusqu'au {moment}.",
    "code_not_you": (
        "Vous n'avez rien demandé ? Ne faites rien : sans ce code, personne n'entre. Ne le donnez jamais à qui vous "
        "appelle ou vous écrit."
    ),
    # The mailbox of a demo shop.
    "mailbox": "Boîte aux lettres",
    "mailbox_why": "Le courrier de cette boutique de démonstration ne part pas : il reste ici, le plus récent d'abord.",
    "mailbox_empty": "Aucun message. Passez une commande, et sa confirmation arrive ici.",
    "mailbox_all": "Tous les messages",
    "mailbox_from": "De",
    "mailbox_to": "À",
    "mailbox_sent": "Envoyé",
    "mailbox_html": "Tel qu'on le voit",
    "mailbox_text": "En texte",
    "mailbox_headers": "En-têtes",
    "mailbox_raw": "Tel qu'il est arrivé",
    "mailbox_missing": "Ce message n'existe pas.",
}
