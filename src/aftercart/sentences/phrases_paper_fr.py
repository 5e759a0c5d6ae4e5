"""French: what the papers in a parcel say."""

from typing import Final

PHRASES: Final = {
    "slip": "Bon de livraison",
    "slip_parcel": "Colis {parcel}",
    "slip_parcel_of": "Colis {parcel} sur {parcels}",
    "slip_packed": "Préparé le {day}",
    "slip_recipient": "Destinataire",
    "slip_point": "Point de retrait {point}",
    "slip_gift": "Un message pour vous",
    "slip_lines": "Dans ce colis",
    "slip_item": "Article",
    "slip_quantity": "Quantité",
    "slip_amount": "Montant",
    "slip_elsewhere": "Dans un autre colis",
    "slip_elsewhere_note": "Ces articles voyagent séparément : rien ne manque.",
    "slip_returns": "Renvoyer un article",
    "slip_returns_until": "Vous pouvez renvoyer des articles dans les {days} jours qui suivent leur réception.",
    "slip_returns_tell": "Dites-nous lesquels sur {url}, avec le numéro de commande {number}.",
    "slip_returns_pack": "Remettez-les dans leur emballage, avec ce bon.",
    "slip_returns_send": "Envoyez le colis à :",
    "slip_returns_code": "Code QR qui ouvre {url}",
    "slip_trouble": "Il manque quelque chose, ou un article est abîmé ? Dites-le-nous, nous y remédions.",
    "slip_page": "Page",
}
