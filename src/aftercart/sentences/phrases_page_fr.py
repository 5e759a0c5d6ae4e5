"""French: the customer's page, and the way in to it."""

from typing import Final

PHRASES: Final = {
    # Words of every page.
    "skip": "Aller au contenu",
    "in_other_language": "In English",
    "page_footer": "Cette page n'est que pour vous. Fermez-la si vous êtes sur l'ordinateur de quelqu'un d'autre.",
    "back_to_order": "Retour à ma commande",
    "leave": "Quitter cette page",
    "done": "C'est fait. Un message vous confirme ce qui a changé.",
    # Where the order is: a headline for every state.
    "standing_awaiting_payment": "Nous attendons votre paiement",
    "standing_on_hold": "Votre commande est en attente",
    "standing_hold_payment": "Nous attendons votre paiement",
    "standing_hold_missing_stock": "Il nous manque l'un de vos articles",
    "standing_hold_address": "Nous ne pouvons pas livrer à cette adresse",
    "standing_hold_customer_choice": "Nous attendons votre réponse",
    "standing_hold_manual": "Votre commande est en attente",
    "standing_backordered": "Une partie doit encore arriver",
    "standing_making": "Nous fabriquons votre commande",
    "standing_confirmed": "Tout est réservé pour vous",
    "standing_released": "Votre commande est à l'entrepôt",
    "standing_in_preparation": "Votre commande est en préparation",
    "standing_partly_shipped": "Une partie de votre commande est en route",
    "standing_shipped": "Votre commande est en route",
    "standing_delivered": "Votre commande est arrivée",
    "standing_completed": "Votre commande est arrivée",
    "standing_canceled": "Cette commande est annulée",
    "standing_returned": "Tout nous est revenu",
    # Where the order is: a sentence.
    "where_hold_payment_transfer": (
        "Merci de virer {due} en indiquant votre commande, {number}. Nous gardons vos articles jusque-là."
    ),
    "where_hold_payment_other": (
        "Il reste {due} à payer avant que nous poursuivions la commande {number}. Payez comme la boutique vous l'a "
        "indiqué, ou modifiez la commande pour qu'elle coûte moins."
    ),
    "where_hold_missing_stock": (
        "Nous avons cherché vos articles sans les trouver tous. Nous nous en occupons et vous écrivons."
    ),
    "where_hold_address": "Merci de vérifier l'adresse de livraison plus bas et de la corriger ; la suite en dépend.",
    "where_hold_customer_choice": "Merci de répondre au message que nous vous avons écrit ; la suite en dépend.",
    "where_hold_manual": "Notre service client l'a arrêtée un moment. Vous n'avez rien à faire.",
    "where_waiting": "Nous attendons {names}, prévu pour le {day}.",
    "where_waiting_undated": "Nous attendons {names} sans savoir encore pour quand. Nous vous écrirons.",
    "then_together": "Tout part ensemble ensuite.",
    "where_split": "Ce qui est là part sans attendre le reste.",
    "where_making": "{names} est fabriqué pour vous et sera prêt vers le {day}.",
    "where_making_undated": "{names} est fabriqué pour vous. Nous ne savons pas encore quand ce sera prêt.",
    "where_confirmed": "Elle attend ici son tour d'être emballée.",
    "where_released": "Elle est sur la liste de ceux qui emballent. Elle part bientôt.",
    "where_in_preparation": "Quelqu'un a vos articles en main.",
    "where_partly_shipped": "Le reste suit.",
    "where_shipped": "Elle a quitté nos murs.",
    "where_delivered": "Nous espérons qu'elle vous plaît.",
    "where_completed": "Nous espérons qu'elle vous plaît.",
    "where_canceled": "Plus rien n'en sera envoyé.",
    "where_returned": "Merci. Vous n'avez rien à faire.",
    "two_names": "{first} et {last}",
    "items_count": "{count} articles",
    "step_placed": "Passée",
    "step_complete": "Réservée",
    "step_preparing": "Préparation",
    "step_sent": "En route",
    "step_arrived": "Arrivée",
    "step_done": "fait",
    "step_current": "en ce moment",
    "step_ahead": "à venir",
    "how_far": "Où en est votre commande",
    "between_days": "{earliest} à {latest}",
    "how_we_count": "Comment nous comptons",
    # The parts of the page.
    "order_contents": "Ce que vous avez commandé",
    "change_title": "Modifier votre commande",
    "closed_title": "Ce qui n'est pas possible, et pourquoi",
    "possible_instead": "Possible à la place",
    "details_title": "Livraison et paiement",
    "timeline_title": "Ce qui s'est passé",
    "so_many": "{quantity} × {stage}",
    "stage_backordered": "en attente de stock",
    "stage_backordered_until": "en attente de stock, prévu pour le {day}",
    "stage_reserved": "réservé pour vous",
    "stage_to_be_made": "à fabriquer pour vous",
    "stage_in_production": "en fabrication",
    "stage_released": "à l'entrepôt",
    "stage_picked": "pris en rayon",
    "stage_packed": "emballé",
    "stage_intercepted": "en cours de retrait de votre colis",
    "stage_shipped": "en route",
    "stage_delivered": "arrivé",
    "stage_returned": "revenu",
    "stage_lost": "perdu en route",
    "stage_canceled": "retiré",
    "due_now": "Il reste {due} à payer : vous avez autorisé {authorized}.",
    "authorized": "Vous avez autorisé {authorized}. Le montant est débité au départ de votre commande.",
    "costs": "coûte {amount}",
    # What happened.
    "told_placed": "Vous avez passé cette commande.",
    "told_quantity": "{name} : {after} au lieu de {before}.",
    "told_swapped": "Échangé : {quantity} × {before} contre {after}.",
    "told_added": "Ajouté : {quantity} × {name}.",
    "told_taken_out": "Retiré : {named}.",
    "told_intercepted": "Déjà en préparation : nous le retirons du colis.",
    "told_canceled": "La commande a été annulée.",
    "told_promise": "Elle est désormais prévue pour le {day}.",
    "told_undated": "La date est de nouveau ouverte.",
    "told_arrived": "Ce qui manquait est arrivé et vous est réservé.",
    "told_payment": "Le paiement se fait désormais par : {method}.",
    "told_released": "Votre commande a été remise à la préparation.",
    "told_making": "{name} : le travail a commencé.",
    "told_made": "{name} : c'est fabriqué.",
    # The way in by order number.
    "find_title": "Retrouver votre commande",
    "find_intro": (
        "Indiquez le numéro de votre commande et l'adresse électronique avec laquelle vous avez commandé. Nous vous "
        "envoyons un code."
    ),
    "find_link_over": (
        "Ce lien n'ouvre pas de commande, ou n'en ouvre plus. Vous retrouvez la vôtre avec son numéro et votre "
        "adresse électronique."
    ),
    "find_number": "Numéro de commande",
    "find_number_hint": "Il figure dans chaque message sur votre commande, par exemple K41VT-MWZW8.",
    "find_email": "Adresse électronique",
    "find_button": "M'envoyer un code",
    "find_sent_title": "Regardez votre messagerie",
    "find_sent": "Si cette commande existe, un code est en route vers son adresse. Il est valable 15 minutes.",
    "code_label": "Code reçu par message",
    "code_hint": "Huit chiffres. Les espaces ne comptent pas.",
    "see_order": "Voir ma commande",
    "other_code": "Rien reçu ? Regardez parmi les indésirables, ou recommencez.",
    "begin_again": "Recommencer",
    # What is wrong with a form.
    "errors_title": "Quelque chose n'est pas encore juste",
    "error_number": "Ce n'est pas un numéro de commande. Il a dix lettres et chiffres, par exemple K41VT-MWZW8.",
    "error_email": "Ce n'est pas une adresse électronique.",
    "error_code": "Ce code ne fonctionne pas. Vérifiez les huit chiffres, ou demandez-en un autre.",
    # Pages for what went wrong.
    "problem_foreign_title": "Ce formulaire n'est plus valable",
    "problem_foreign": (
        "Il date de trop longtemps, ou vient d'ailleurs. Rien n'a été modifié. Ouvrez votre commande et recommencez."
    ),
    "problem_too_often_title": "Trop d'essais",
    "problem_too_often": "Merci d'attendre {seconds} secondes avant de réessayer.",
    "problem_missing_title": "Il n'y a rien ici",
    "problem_missing": "L'adresse est peut-être mal tapée. Votre commande se retrouve avec son numéro.",
    "problem_broken_title": "Quelque chose est cassé de notre côté",
    "problem_broken": (
        "Rien n'a été modifié. Merci de réessayer dans un moment. Si cela dure, dites-nous ceci : {incident}."
    ),
    "problem_busy_title": "Il y a trop à faire en ce moment",
    "problem_busy": "Rien n'a été modifié. Merci de réessayer dans {seconds} secondes.",
    "problem_codes_title": "Plus de codes pour l'instant",
    "problem_codes": "Trop de codes ont été demandés. Merci de réessayer dans {seconds} secondes.",
}
