"""What the DPO of Port-Miran finds in the registers: two requests under way, one breach closed."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from casework.breaches import service as breaches
from casework.clock import today
from casework.demo.members import CCTP
from casework.rights import service as rights
from casework.rights.kinds import Kind, Standing, Verification
from casework.vault.keyring import Writer

REQUESTS = (
    (
        24,
        Kind.ACCES,
        CCTP,
        {
            "qualite": Standing.REPRESENTANT,
            "nom": "Nadège Kerbrat",
            "coordonnees": "14 rue des Salins, Port-Miran",
            "verification": Verification.GUICHET,
            "paroles": "Connaître ce que la cellule détient sur son fils, depuis l’an dernier.",
        },
    ),
    (
        3,
        Kind.RECTIFICATION,
        None,
        {
            "qualite": Standing.INTERESSE,
            "nom": "Ilyes Benmansour",
            "coordonnees": "ilyes.b@courriel.example",
            "verification": Verification.ATTENDUE,
            "paroles": "L’adresse et la classe inscrites ne seraient plus les siennes.",
        },
    ),
)
LOST = {
    "faits": "Un ordre du jour imprimé (initiales et références) oublié dans une salle de réunion, "
    "retrouvé le lendemain matin par l’agent d’entretien et remis à la mairie.",
    "categories": "Personnes suivies par une cellule : initiales, tranche d’âge, typologie.",
    "personnes": "Environ six",
    "enregistrements": "Une page",
    "consequences": "Faibles : aucune identité complète, local fermé pendant la nuit.",
    "mesures": "Feuille détruite ; rappel aux membres ; l’ordre du jour est désormais relevé en "
    "fin de séance.",
}
STEPS = (
    (
        timedelta(hours=27),
        breaches.Kind.NON_NOTIFIEE,
        "Risque improbable pour les personnes : ni nom ni adresse, local fermé, document récupéré.",
    ),
    (
        timedelta(hours=28),
        breaches.Kind.SANS_INFORMATION,
        "Pas de risque élevé : les personnes ne sont pas informées individuellement.",
    ),
    (timedelta(days=9), breaches.Kind.CLOTURE, "Consigne donnée à la séance suivante."),
)


def requests(session: Session, writer: Writer, dpo: str) -> None:
    for days, kind, cell, texts in REQUESTS:
        received = today() - timedelta(days=days)
        made = rights.record(session, writer, dpo, kind, received, texts)
        made.recorded_at -= timedelta(days=days)
        if cell:
            rights.transmit(session, writer, made.id, made.version, cell)


def breach(session: Session, writer: Writer, dpo: str) -> None:
    known = datetime.now(UTC).replace(hour=7, minute=40) - timedelta(days=47)
    made = breaches.declare(session, dpo, known, breaches.Nature.CONFIDENTIALITE.value, LOST)
    made.declared_at = known + timedelta(hours=2)
    for rank, (after, kind, words) in enumerate(STEPS, start=1):
        breaches.add_step(session, writer, dpo, made.id, rank, kind, known + after, words)
