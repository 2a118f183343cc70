"""What of each sealed column a person receives when they ask for access (art. 15 §4 RGPD).

One line a column, for the whole base: a new sealed column that nobody decided about is left out
of every export, and stops the tests.
"""

from collections.abc import Mapping

from charter.labels import Labelled


class Share(Labelled):
    INCLUS = "inclus", "remis à la personne"
    RELU = "relu", "remis si la coordination atteste l’avoir relu"
    COPIE = "copie", "remis en copie par la coordination, ce qui concerne autrui occulté"
    TIERS = "tiers", "concerne une autre personne"
    SIGNALEUR = "signaleur", "ferait reconnaître qui a signalé"
    INTERNE = "interne", "organisation ou échange d’une autorité"


INCLUS, RELU, COPIE, TIERS, SIGNALEUR, INTERNE = Share

SHARES: Mapping[str, Share] = {
    "situation.facets": INCLUS,  # code by code, in FACETS
    "facet_page.facets": INTERNE,  # a copy, for counting
    "situation.faits_date": INCLUS,
    "situation.faits_lieu": RELU,
    "situation.recit": RELU,  # a free text may name others, or let the reporter be recognised
    "situation.implication": RELU,
    "situation.classe": INCLUS,
    # Another saisine: as the first.
    "further_saisine.saisine": INCLUS,
    "further_saisine.origine": SIGNALEUR,
    "further_saisine.canal": SIGNALEUR,  # a sealed deposit or a letter points to who wrote it
    "further_saisine.typologie": INCLUS,
    "further_saisine.faits": INCLUS,
    "further_saisine.faits_date": INCLUS,
    "further_saisine.faits_lieu": RELU,
    "further_saisine.recit": RELU,
    "further_saisine.implication": RELU,
    # What happened to it.
    "closure.le": INCLUS,
    "closure.resultat": INCLUS,
    "closure.motif": RELU,
    "information.faite_le": INCLUS,
    "information.mode": INCLUS,
    "information.destinataire": TIERS,
    "information.nom": TIERS,
    "information.adresse": TIERS,
    "information.motif": RELU,  # why nobody was told first: it may name someone to be feared
    "involvement.services": INCLUS,
    "involvement.demarches": RELU,
    # A child in danger: whoever asks may be whom the child is to be protected from, and the
    # information is the département's to answer for.
    "danger_notice.transmise_le": INTERNE,
    "danger_notice.mode": INTERNE,
    "danger_notice.personnes": TIERS,
    "danger_notice.elements": INTERNE,
    # Files, and what was said around a table: mixed with others' words, so copied by hand.
    "attachment.titre": COPIE,
    "attachment.content": COPIE,
    "examination.services": COPIE,
    "examination.chainage": COPIE,
    "examination.orientations": COPIE,
    "examination.notes": COPIE,
    "examination.revoir": COPIE,
    "examination.statut": COPIE,
    "examination.correction": COPIE,
    "orientation.suite": COPIE,
    "orientation.precision": COPIE,
    "orientation.institution": COPIE,
    "orientation_answer.mot": COPIE,
    "contribution.reponse": COPIE,
    "contribution.dispositif": COPIE,
    "contribution.texte": COPIE,
    # The young person's own row; a representative's is decided in REPRESENTATIVE.
    "person.nom": INCLUS,
    "person.prenoms": INCLUS,
    "person.naissance": INCLUS,
    "person.lieu_naissance": INCLUS,
    "person.adresse": INCLUS,
    "person.telephone": INCLUS,
    "person.lien": INCLUS,
    # The fiche repeats the situation; the procureur's part is the procureur's to communicate.
    "rappel.etat": INTERNE,
    "rappel.nom": INCLUS,
    "rappel.prenoms": INCLUS,
    "rappel.naissance": INCLUS,
    "rappel.lieu_naissance": INCLUS,
    "rappel.faits_date": INCLUS,
    "rappel.faits_lieu": RELU,
    "rappel.recit": RELU,
    "rappel.implication": RELU,
    "rappel.informe_par": INTERNE,
    "rappel.repondu_par": INTERNE,
    "rappel.observation": INTERNE,
    "rappel.issue": INCLUS,
    "rappel.tenu_le": INCLUS,
    "rappel.forme": INCLUS,
    "rappel.tenu_par": INTERNE,
    "rappel.delegation": INTERNE,
    "rappel.presents": TIERS,
    "rappel.impossibilite": RELU,
    "rappel.rendu_par": INTERNE,
    "rappel_event.step": INTERNE,
    "rappel_event.etat": INTERNE,
    "rappel_event.auteur": INTERNE,
    "rappel_event.details": INTERNE,
    "rappel_event.personnes": TIERS,
    # A copy of the name, to ask; what a service follows stays its own (001:989).
    "consultation.nom": INTERNE,
    "consultation.prenoms": INTERNE,
    "consultation.naissance": INTERNE,
    "consultation_answer.avis": INTERNE,
    "consultation_answer.service": INTERNE,
    "scan.content": INTERNE,
    # The acts were handed to the person on paper; who signed them, and what the procureur
    # answered, are not theirs.
    "transaction_maire.nom": COPIE,
    "transaction_maire.prenoms": COPIE,
    "transaction_maire.naissance": COPIE,
    "transaction_maire.lieu_naissance": COPIE,
    "transaction_maire.adresse": COPIE,
    "transaction_maire.representants": TIERS,
    "transaction_maire.faits": COPIE,
    "transaction_maire.contravention": COPIE,
    "transaction_maire.propose": COPIE,
    "transaction_event.etape": INTERNE,
    "transaction_event.le": INTERNE,
    "transaction_event.par": INTERNE,
    "transaction_event.contenu": INTERNE,
    # The family signed the engagement: they get a copy, what concerns others hidden.
    "aide_event.etape": COPIE,
    "aide_event.le": COPIE,
    "aide_event.contenu": COPIE,
    # What the partners think of a signal, and who was told: exchanges of authorities; the retour
    # would let the signaleur be recognised.
    "cmer_event.le": INTERNE,
    "cmer_event.avis": INTERNE,
    "cmer_event.services": INTERNE,
    "cmer_event.destinataire": INTERNE,
    # Whoever reported is never told, not even by what they wrote.
    "deposit.origine": SIGNALEUR,
    "deposit.nom": SIGNALEUR,
    "deposit.prenoms": SIGNALEUR,
    "deposit.naissance": SIGNALEUR,
    "deposit.quartier": SIGNALEUR,
    "deposit.etablissement": SIGNALEUR,
    "deposit.faits": SIGNALEUR,
    "deposit.demarches": SIGNALEUR,
    "deposit.joindre": SIGNALEUR,
    "deposit.motif": SIGNALEUR,
    # The maire's alone: the coordination holds no key to it, and the maire answers for it.
    "confidence.revele_le": INTERNE,
    "confidence.service": INTERNE,
    "confidence.texte": INTERNE,
    "seance.lieu": INTERNE,
    "seance_event.contenu": INTERNE,
    "seance_request.motif": INTERNE,  # about no situation that the base knows of
    "seance_request.refus": INTERNE,
    "import_batch.content": TIERS,  # hundreds of persons, for a few hours
    "import_batch.choices": TIERS,
    "published_report.numbers": INTERNE,
    "published_report.difficultes": INTERNE,
    "published_report.points_positifs": INTERNE,
    "report_model.nom": INTERNE,
    "member.nom": INTERNE,
    "member.prenom": INTERNE,
    "member.fonction": INTERNE,
    "mandate_detail.institution": INTERNE,
    "mandate_detail.acte": INTERNE,
    "mail_address.adresse": INTERNE,
    "mail_address.adresse_propre": INTERNE,
    "mail_address.adresse_serveur": INTERNE,
    "mail_outbox.recipient": INTERNE,
    "watch_alert.note": INTERNE,
    # What the person wrote themselves, and how the commune handled it.
    "person_request.qualite": INTERNE,
    "person_request.nom": INTERNE,
    "person_request.coordonnees": INTERNE,
    "person_request.verification": INTERNE,
    "person_request.paroles": INTERNE,
    "person_request.motif_prolongation": INTERNE,
    "person_request.motifs": INTERNE,
    "person_request_cell.compte_rendu": INTERNE,
    "limitation.motif": INTERNE,
    "archive_opening.motif": INTERNE,
    "breach.faits": INTERNE,
    "breach.categories": INTERNE,
    "breach.personnes": INTERNE,
    "breach.enregistrements": INTERNE,
    "breach.consequences": INTERNE,
    "breach.mesures": INTERNE,
    "breach_step.texte": INTERNE,
    "aipd.reference": INTERNE,
}

# Of a representative, the link alone: the rest is their own data, and asked for by themselves.
REPRESENTATIVE: Mapping[str, Share] = {
    "nom": TIERS,
    "prenoms": TIERS,
    "naissance": TIERS,
    "lieu_naissance": TIERS,
    "adresse": TIERS,
    "telephone": TIERS,
    "lien": INCLUS,
}

# The codes of the closed lists, one by one.
FACETS: Mapping[str, Share] = {
    "typologie": INCLUS,
    "origine": SIGNALEUR,
    "statut": INCLUS,
    "sexe": INCLUS,
    "niveau": INCLUS,
    "tranche_age": INCLUS,
    "quartier": INCLUS,
    "etablissement": INCLUS,
    "faits": INCLUS,
    "suites": INCLUS,
    "saisine": INCLUS,
    "naissance": INCLUS,
    "examinee": INCLUS,
    "echeance": INCLUS,
    "initiales": INCLUS,
    "sounds": INTERNE,
    "others": TIERS,  # births and sounds of the other persons concerned
}
