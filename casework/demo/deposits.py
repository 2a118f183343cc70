"""Two deposits that wait for the coordination of Port-Miran, written by the signaleur."""

from datetime import date

from casework.cells.lists import ORIGINE, term
from casework.deposits.words import Words

BAILLEUR = term(ORIGINE, "bailleur").code
CONTACT = "Au bureau du secteur, 04 65 71 20 14, le matin"

# Days waited already, then the words; codes of quartier and établissement are the profile's.
DEPOSITS: tuple[tuple[int, Words], ...] = (
    (
        6,
        Words(
            origine=BAILLEUR,
            nom="Castaing",
            prenoms="Jordan",
            naissance=date(2011, 4, 18),
            quartier=4,
            etablissement=9,
            faits="Trois soirs de suite, vers 23 h, présence dans le hall B avec un groupe plus "
            "âgé ; la porte du local à vélos a été retrouvée ouverte.",
            demarches="Le gardien a parlé avec lui, puis avec sa mère au téléphone.",
            joindre=CONTACT,
        ),
    ),
    (
        2,
        Words(
            origine=BAILLEUR,
            nom="Oudghiri",
            prenoms="Salma",
            quartier=2,
            faits="Seule à l’aire de jeux tous les matins de la semaine, aux heures de classe.",
            joindre=CONTACT,
        ),
    ),
)
