"""What a coordinator notes of school. « ~ » stands for a non-breaking space."""

from casework.demo.story import IN_GROUP, NO_FACT, Scene, Story

SCHOOL = "Établissement scolaire"

STORIES = (
    Story(
        "absenteisme",
        ("college", "lycee", "conseil_departemental"),
        (11, 16),
        ("CCTP",),
        ("rappel_ordre", "aide_parentale", "mediation_scolaire", "entretien_famille"),
        (
            Scene(
                "absenteisme",
                SCHOOL,
                "{n} demi-journées d’absence sans motif valable. La famille a été reçue une fois "
                "par le conseiller principal d’éducation~; les absences ont repris la semaine "
                "suivante.",
                "{Il} reconnaît les absences et dit ne pas se lever à temps.",
            ),
            Scene(
                "absenteisme",
                SCHOOL,
                "Absences répétées le lundi et le vendredi, {n} demi-journées. Deux courriers de "
                "l’établissement sont restés sans réponse.",
                "Les absences sont relevées par l’établissement~; {il} n’en conteste pas le "
                "nombre.",
            ),
            Scene(
                "absenteisme",
                SCHOOL,
                "{n} demi-journées d’absence, surtout l’après-midi. La famille dit partir "
                "travailler tôt et ne pas pouvoir vérifier les départs.",
                "{Il} dit retrouver des camarades sortis plus tôt.",
            ),
        ),
    ),
    Story(
        "decrochage",
        ("lycee", "college", "prevention_specialisee"),
        (14, 18),
        ("CCTP", "GSP"),
        ("prevention_specialisee", "mission_locale", "amenagement_scolarite", "poursuite_suivi"),
        (
            Scene(
                "absenteisme",
                SCHOOL,
                "Ne se présente plus en cours depuis {n}~jours. Un rendez-vous d’orientation a été "
                "proposé et n’a pas été honoré.",
                "{Il} souhaite changer d’orientation et l’a dit au professeur principal.",
            ),
            Scene(
                "absenteisme",
                SCHOOL,
                "Stage interrompu après une semaine, puis absence continue. L’établissement "
                "demande un relais pour reprendre contact avec la famille.",
                "Les éducateurs ont gardé un contact régulier~; {il} accepte de les rencontrer.",
            ),
            Scene(
                "absenteisme",
                SCHOOL,
                "Présence irrégulière depuis les vacances, aucune évaluation rendue. Le professeur "
                "principal indique qu’{il} vient encore volontiers à l’atelier.",
                "{Il} dit ne pas voir à quoi servent les cours généraux.",
            ),
        ),
    ),
    Story(
        "difficultes_scolaires",
        ("ecole", "college"),
        (8, 13),
        ("GSP",),
        ("reussite_educative", "mediation_scolaire", "amenagement_scolarite", "service_social"),
        (
            Scene(
                "autre",
                SCHOOL,
                "Le travail demandé à la maison n’est plus fait. L’établissement signale des "
                "arrivées en retard et un cartable souvent incomplet.",
                NO_FACT,
            ),
            Scene(
                "autre",
                SCHOOL,
                "Résultats en baisse dans toutes les matières depuis plusieurs mois. La famille a "
                "été reçue et demande une aide aux devoirs.",
                NO_FACT,
            ),
            Scene(
                "autre",
                SCHOOL,
                "Participe peu et s’endort en classe l’après-midi. L’équipe éducative s’est réunie "
                "une fois en présence d’un parent.",
                NO_FACT,
            ),
        ),
    ),
    Story(
        "troubles_comportement",
        ("ecole", "college", "lycee"),
        (9, 15),
        ("GSP", "CCTP"),
        ("mesure_responsabilisation", "accueil_exclu", "medico_psychologique", "aemo"),
        (
            Scene(
                "exclusions",
                SCHOOL,
                "Trois exclusions temporaires en un trimestre pour des refus répétés de consignes. "
                "La famille s’est présentée à chaque convocation.",
                "{Il} reconnaît les faits et a présenté des excuses à l’équipe.",
            ),
            Scene(
                "exclusions",
                SCHOOL,
                "Cours interrompus à plusieurs reprises, matériel jeté au sol. Deuxième exclusion "
                "de l’année~; l’établissement souhaite préparer le retour avec la famille.",
                "{Il} conteste une partie des faits relevés dans le carnet.",
            ),
            Scene(
                "autre",
                SCHOOL,
                "Difficultés à respecter les règles pendant la pause de midi, {n} mots dans le "
                "carnet. Le calme revient en petit groupe.",
                "{Il} dit chercher à rejoindre des élèves plus âgés.",
            ),
        ),
    ),
    Story(
        "abords_etablissement",
        ("college", "lycee", "police_municipale"),
        (11, 17),
        ("CCTP",),
        ("rappel_ordre", "mediation_scolaire", "mesure_responsabilisation", "activites"),
        (
            Scene(
                "abords_etablissement",
                "Abords de l’établissement",
                "Bousculade à la sortie de 17~h, sans blessé. Les assistants d’éducation ont "
                "séparé deux groupes~; aucune plainte n’a été déposée.",
                "{Il} dit avoir voulu répondre à une moquerie et regrette son geste.",
            ),
            Scene(
                "abords_etablissement",
                "Abords de l’établissement",
                "Attroupement devant la grille et jets d’œufs entre élèves le dernier jour avant "
                "les vacances. Le trottoir a été nettoyé par les élèves.",
                "A lancé des œufs et l’a reconnu~; a participé au nettoyage.",
            ),
            Scene(
                "transports",
                "Car scolaire, ligne 4",
                "Chahut à bord du car, le conducteur s’est arrêté dix minutes. Le transporteur a "
                "relevé les cartes de trois élèves.",
                IN_GROUP,
            ),
        ),
    ),
)
