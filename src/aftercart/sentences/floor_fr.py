"""French for what happens on the floor, and why something there cannot go on."""

from typing import Final

REFUSALS: Final = {
    "fulfillment_order_not_found": "Ce travail n'existe pas.",
    "item_not_wanted": "{sku} n'est plus demandé : remettez-le en rayon.",
    "label_not_ready": "Le colis {parcel} de la commande {number} n'a pas encore d'étiquette ({label_state}).",
    "label_request_over": "La demande d'étiquette {request} du colis {parcel} est déjà réglée.",
    "no_such_parcel": "Ce colis n'existe pas.",
    "not_handed_over": "Le colis {parcel} de la commande {number} n'est pas parti.",
    "nothing_to_pack": "Rien de la commande {number} n'est prêt à être emballé à {location}.",
    "nothing_to_pick": "Rien de la commande {number} n'est à prélever à {location}.",
    "nothing_to_put_back": "À {location}, rien de tel n'est à remettre en rayon : {sku}, commande {number}.",
    "parcel_empty": "Le colis {parcel} est vide.",
    "parcel_holds_unwanted": "Le client a retiré {unwanted_list} : sortez-le du colis {parcel}.",
    "parcel_not_closed": "Le colis {parcel} n'est pas fermé et en attente : {parcel_status}.",
    "parcel_not_empty": "Le colis {parcel} n'est pas vide.",
    "parcel_not_found": "La commande {number} n'a pas de colis {parcel}.",
    "parcel_not_open": "Le colis {parcel} n'est pas en cours d'emballage : {parcel_status}.",
    "still_in_parcel": "{sku} est encore dans le colis {parcel} : sortez-le d'abord.",
    "wrong_item": "{sku} n'a pas sa place ici. Attendu : {items_list}.",
}

EVENTS: Final = {
    "PackingSet": "Les cartons et encarts ont été modifiés ; la version {packing[version]} est en vigueur.",
    "UnitsPicked": "La préparation a commencé : {units}.",
    "PickingAbandoned": "La préparation a été interrompue : {units}.",
    "UnitsShort": "Introuvable à {location} : {quantity} de {sku} ; de nouveau en attente de stock.",
    "UnitsPutBack": "Retiré et remis en rayon : {quantity} de {sku}.",
    "ParcelOpened": "Le colis {parcel[parcel]} est en cours d'emballage.",
    "ItemPacked": "Mis dans le colis {parcel[parcel]} : {quantity} de {sku}.",
    "ItemUnpacked": "Sorti du colis {parcel[parcel]} : {quantity} de {sku}.",
    "ParcelClosed": "Le colis {parcel[parcel]} est emballé.",
    "ParcelReopened": "Le colis {parcel[parcel]} est rouvert.",
    "ParcelVoided": "Le colis {parcel[parcel]} a été abandonné.",
    "LabelRequested": "Une étiquette pour le colis {parcel[parcel]} a été redemandée.",
    "LabelPrinted": "Le colis {parcel[parcel]} a son étiquette : {carrier}, {tracking_number}.",
    "LabelRefused": "{carrier} ne prend pas le colis {parcel[parcel]} : {cause}.",
    "LabelVoided": "Une étiquette du colis {parcel[parcel]} a été rendue.",
    "ParcelHandedOver": "Le colis {parcel[parcel]} est parti avec {carrier}.",
    "ParcelTracked": "Colis {parcel[parcel]} : {tracked}.",
}

LABELS: Final = {
    "parcel_status": {
        "open": "en cours d'emballage",
        "closed": "emballé",
        "voided": "abandonné",
        "handed_over": "remis au transporteur",
        "announced": "annoncé au transporteur",
        "in_transit": "en route",
        "out_for_delivery": "arrive aujourd'hui",
        "available_at_point": "prêt à être retiré",
        "failed": "n'a pas pu être livré",
        "delivered": "livré",
        "returned": "revenu",
        "lost": "perdu",
    },
    "label_state": {
        "requested": "le transporteur est interrogé",
        "printed": "imprimée",
        "refused": "refusée par le transporteur",
        "void_requested": "en cours d'annulation",
        "voided": "annulée",
    },
}

ENTRIES: Final = {"unwanted": "{quantity} de {sku}", "items": "{quantity} de {sku}"}
