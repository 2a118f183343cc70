"""What the papers of a transaction print. The proposal states all that art. R. 15-33-61 asks."""

from datetime import date
from typing import Any

from casework.transactions.procedure import AUTHORITY, Authority, Kind, State, Step
from casework.transactions.service import Opened
from casework.transactions.words import quantity
from casework.web.french import long_date, number

HOMOLOGATED_BY = {
    Authority.PROCUREUR: "au procureur de la République",
    Authority.TRIBUNAL: "au juge du tribunal de police, par le procureur de la République",
}


def values(opened: Opened) -> dict[str, Any]:
    """All that their models may print, at this moment of the procedure."""
    dossier, terms = opened.dossier, opened.dossier.terms
    return {
        **_person(opened),
        **_facts(opened),
        "travail": terms.kind is Kind.TRAVAIL,
        "quantite": quantity(terms.kind, terms.quantity),
        "nature": opened.proposed["nature"],
        "lieu_execution": opened.proposed["lieu"],
        "delai": f"{terms.months} mois à compter de l’avis d’homologation",
        "signataire": opened.proposed["signataire"],
        "delegation": opened.proposed["delegation"],
        "repondre_avant": long_date(dossier.answer_before),
        "homologuee_par": HOMOLOGATED_BY[AUTHORITY[terms.kind]],
        "accepte_le": long_date(dossier.days.get(Step.ACCEPTER)),
        "executer_avant": long_date(dossier.execute_before) if dossier.homologated_on else "",
        "execute": quantity(terms.kind, dossier.given),
    }


def _person(opened: Opened) -> dict[str, str]:
    texts, minor = opened.texts, opened.dossier.minor
    return {
        "personne": f"{texts['prenoms']} {texts['nom']}",
        "nom": texts["nom"],
        "prenoms": texts["prenoms"],
        "naissance": f"{long_date(date.fromisoformat(texts['naissance']))}, "
        f"{texts['lieu_naissance']}",
        "adresse": texts.get("adresse", ""),
        "representants": texts.get("representants", "") if minor else "",
        "accord_parquet": opened.proposed["accord_mineurs"] if minor else "",
    }


def _facts(opened: Opened) -> dict[str, str]:
    words, proposed = opened.contravention, opened.proposed
    return {
        "faits": opened.texts["faits"],
        "qualification": f"{words['label']} ({words['article']})",
        "constates": f"procès-verbal n° {proposed['pv_numero']} du "
        f"{long_date(opened.dossier.pv_on)} ({words['pm_article']})",
        "bien": proposed["bien"],
        "amende": f"{number(int(words['amende']) // 100)} € au plus ({words['classe']}ᵉ classe)",
        "peines": proposed["peines"] or "aucune",
    }


# What each end says, to the procureur and to the person.
ENDS: dict[State, tuple[str, str]] = {
    State.REFUSEE: (
        "la proposition a été refusée. Le procès-verbal vous est transmis.",
        "Vous avez refusé la proposition. Le procès-verbal est transmis au procureur de la "
        "République, qui décide de la suite.",
    ),
    State.SILENCE: (
        "la personne n’a pas répondu dans le délai : elle est réputée avoir refusé. Le "
        "procès-verbal vous est transmis.",
        "Vous n’avez pas répondu dans le délai : votre silence vaut refus. Le procès-verbal "
        "est transmis au procureur de la République, qui décide de la suite.",
    ),
    State.NON_HOMOLOGUEE: (
        "la transaction n’ayant pas été homologuée, elle n’a pas été exécutée.",
        "L’autorité judiciaire n’a pas homologué la transaction : elle ne s’exécute pas.",
    ),
    State.EXECUTEE: (
        "la transaction a été exécutée entièrement, dans le délai fixé.",
        "Vous avez exécuté entièrement la transaction. Le procureur de la République, informé, "
        "constate l’extinction de l’action publique.",
    ),
    State.NON_EXECUTEE: (
        "les obligations n’ont pas été exécutées dans le délai fixé.",
        "Vous n’avez pas exécuté la transaction dans le délai fixé. Le procureur de la République "
        "en est informé et décide de la suite.",
    ),
    State.ABANDONNEE: (
        "la commune a abandonné la transaction. Le procès-verbal vous est transmis.",
        "La commune abandonne la transaction. Le procès-verbal est transmis au procureur de la "
        "République.",
    ),
}


def told(opened: Opened, *, to_procureur: bool) -> str:
    """How it ended, to one or to the other; nothing while it has not."""
    sentences = ENDS.get(opened.dossier.ended or opened.state)
    if sentences is None:
        return ""
    return sentences[0] if to_procureur else sentences[1]
