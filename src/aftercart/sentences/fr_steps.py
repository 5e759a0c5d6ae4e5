"""French: the steps of a promise's calculation."""

from typing import Final

STEPS: Final = {
    "stock": "En stock ({location}).",
    "supply": "Attendu en stock le {on} ({location}).",
    "production": "Fabriqué pour vous d'ici le {on} ({location}).",
    "together": "Attend le reste, qui sera là le {on} ({location}).",
    "truck": "Départ le {on} à {time} ({location}).",
    "truck.after_cutoff": "Le départ du jour était passé : départ le {on} à {time} ({location}).",
    "truck.closed": "Pas de départ ce jour-là : départ le {on} à {time} ({location}).",
    "truck.truck_full": "Les départs précédents sont complets : départ le {on} à {time} ({location}).",
    "store": "À retirer le {on} à partir de {time} ({location}).",
    "store.after_cutoff": "La journée de travail était finie : à retirer le {on} à partir de {time} ({location}).",
    "store.closed": "Fermé ce jour-là : à retirer le {on} à partir de {time} ({location}).",
    "store.truck_full": "Plus de temps libre avant : à retirer le {on} à partir de {time} ({location}).",
    "handover": "Le transporteur prend le colis le {on}.",
    "transit": "En route {days_count} : arrivée le {on}.",
    "transit.same_day": "Arrivée le jour même, {on}.",
    "transit.range": "En route {days} à {days_max_count} : arrivée entre le {on} et le {until}.",
    "point": "Le point de retrait est fermé à l'arrivée : à retirer à partir du {on}.",
    "point.range": (
        "Le point de retrait est fermé à l'arrivée : à retirer à partir d'un jour entre le {on} et le {until}."
    ),
    "slot": "Livraison le {on} entre {time} et {time_until}.",
    "last_parcel": "En {days} colis : le dernier arrive le {on}.",
    "last_parcel.range": "En {days} colis : le dernier arrive entre le {on} et le {until}.",
    "passed": "Ne comptent pas : {passed_list}.",
}
