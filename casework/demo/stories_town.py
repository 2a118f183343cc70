"""What a coordinator notes of streets and homes. « ~ » stands for a non-breaking space."""

from casework.demo.story import IN_GROUP, NO_FACT, Scene, Story

STORIES = (
    Story(
        "incivilites",
        ("police_municipale", "habitant", "service_municipal"),
        (12, 19),
        ("CCTP", "GSP"),
        ("rappel_ordre", "prevention_specialisee", "activites", "entretien_famille"),
        (
            Scene(
                "occupation_bruyante",
                "Esplanade du port",
                "Vers {h}~h~{m}, groupe de six jeunes avec une enceinte à fort volume. Après un "
                "premier passage de la patrouille, le bruit a repris.",
                IN_GROUP,
            ),
            Scene(
                "petards",
                "Place du Moulin-Blanc",
                "Pétards lancés sur la place en début de soirée, à distance des passants. Pas de "
                "blessé ni de dommage constaté.",
                "{Jeune} a été vu{e} en train d’allumer un pétard et l’a reconnu.",
            ),
            Scene(
                "jeux_dangereux",
                "Quai des Pointus",
                "Trottinettes et ballons au milieu des terrasses malgré deux demandes des "
                "commerçants. Le groupe s’est dispersé à l’arrivée des agents.",
                IN_GROUP,
            ),
        ),
    ),
    Story(
        "conflits_voisinage",
        ("bailleur", "habitant", "police_municipale"),
        (13, 20),
        ("CCTP",),
        ("mediation_voisinage", "rappel_ordre", "entretien_famille"),
        (
            Scene(
                "parties_communes",
                "Résidence Les Genêts, hall B",
                "Regroupements dans le hall après {h}~h, remarques de quatre locataires au "
                "gardien. Le passage reste libre.",
                "Désigné{e} par le gardien, qui l’a vu{e} à trois reprises.",
            ),
            Scene(
                "conflit_voisinage",
                "Résidence Le Levant",
                "Musique forte plusieurs soirs par semaine et propos vifs avec la voisine du "
                "dessous. Le bailleur a adressé un courrier à la famille.",
                "{Il} reconnaît le bruit et dit avoir baissé le volume depuis le courrier.",
            ),
            Scene(
                "conflit_voisinage",
                "Résidence des Restanques",
                "Ballon contre les volets du rez-de-chaussée en fin de journée. Une médiation a "
                "été proposée par le bailleur~; la famille ne s’y est pas opposée.",
                "Joue avec deux voisins du même âge~; {il} dit ne pas avoir mesuré la gêne.",
            ),
        ),
    ),
    Story(
        "degradations_legeres",
        ("police_municipale", "service_municipal"),
        (11, 17),
        ("CCTP",),
        ("rappel_ordre", "aide_parentale", "chantier_educatif", "activites"),
        (
            Scene(
                "atteinte_legere",
                "Jardin de la Lavande",
                "Plantations piétinées et deux arceaux descellés dans le jardin. Le service des "
                "espaces verts a remis en état dans la journée.",
                "Vu{e} par l’agent du jardin en train d’escalader un arceau.",
            ),
            Scene(
                "atteinte_legere",
                "Arrêt de bus du Port-Vieux",
                "Inscriptions à la craie grasse sur l’abri de bus, nettoyées le lendemain par les "
                "services de la ville.",
                "A pris part aux faits avec deux camarades~; a proposé d’aider au nettoyage.",
            ),
            Scene(
                "atteinte_legere",
                "Gymnase municipal",
                "Banc déplacé et corbeille renversée devant le gymnase vers {h}~h~{m}. Pas de "
                "dommage durable.",
                "{Il} a aidé le gardien à remettre le banc en place.",
            ),
        ),
    ),
    Story(
        "presence_tardive",
        ("police_municipale", "police_nationale"),
        (11, 15),
        ("CCTP",),
        ("rappel_ordre", "aide_parentale", "entretien_famille", "prevention_specialisee"),
        (
            Scene(
                "presence_tardive",
                "Gare routière",
                "Trouvé{e} à 23~h~{m} sans adulte, avec deux camarades du même âge. Reconduit{e} "
                "au domicile, où un parent était présent.",
                "Aucun fait autre que la présence n’est relevé.",
            ),
            Scene(
                "presence_tardive",
                "Esplanade du port",
                "Deuxième présence constatée après 23~h ce mois-ci. La famille, jointe par "
                "téléphone, {le} pensait chez un ami.",
                "{Il} dit attendre des camarades plus âgés.",
            ),
            Scene(
                "presence_tardive",
                "Plage des Salins",
                "Présence sans adulte à 0~h~{m}, aucun incident. {Jeune} a donné son adresse sans "
                "difficulté et a été remis{e} à sa famille.",
                "Aucun fait autre que la présence n’est relevé.",
            ),
        ),
    ),
    Story(
        "arrete_maire",
        ("police_municipale", "bailleur"),
        # Of age: a transaction with a minor needs the parquet's written agreement.
        (18, 20),
        ("CCTP",),
        ("transaction", "rappel_ordre", "mission_locale"),
        (
            Scene(
                "mecanique_sauvage",
                "Parking des Salins",
                "Réparation d’un deux-roues sur le parking malgré l’arrêté, huile répandue sur "
                "trois mètres. Procès-verbal dressé par la police municipale.",
                "{Jeune} a indiqué réparer le véhicule d’un voisin.",
            ),
            Scene(
                "arrete_maire",
                "Plage des Salins",
                "Feu de camp sur la plage en période d’interdiction, éteint à la demande des "
                "agents. Les restes ont été ramassés.",
                IN_GROUP,
            ),
            Scene(
                "depot_ordures",
                "Chemin des Restanques",
                "Dépôt de cartons et d’un sommier au pied des conteneurs un jour de non-collecte. "
                "La famille dit ne pas avoir connu le calendrier.",
                "{Il} reconnaît le dépôt et est revenu{e} le retirer.",
            ),
        ),
    ),
    Story(
        "fugue",
        ("famille", "police_nationale", "conseil_departemental"),
        (13, 17),
        ("GSP",),
        ("aemo", "information_preoccupante", "prevention_specialisee", "service_social"),
        (
            Scene(
                "autre",
                "Domicile",
                "Deux départs du domicile d’une nuit chacun en un mois, retour spontané le "
                "lendemain. La famille demande de l’aide.",
                NO_FACT,
            ),
            Scene(
                "autre",
                "Domicile",
                "Absence de deux jours signalée par la famille~; {jeune} a été retrouvé{e} chez "
                "une camarade. Le service social a rencontré la famille.",
                NO_FACT,
            ),
        ),
    ),
    Story(
        "conduites_a_risque",
        ("prevention_specialisee", "service_municipal", "pjj", "autre_cellule"),
        (14, 20),
        ("GSP",),
        ("prevention_specialisee", "chantier_educatif", "mission_locale", "poursuite_suivi"),
        (
            Scene(
                "jeux_dangereux",
                "Digue du port",
                "Sauts répétés depuis la digue malgré l’interdiction affichée, en présence de plus "
                "jeunes. Les éducateurs ont engagé un échange sur place.",
                "{Il} dit connaître le panneau et minimise le danger.",
            ),
            Scene(
                "equipement_municipal",
                "Salle des fêtes",
                "Accès au toit de la salle des fêtes avec deux camarades vers {h}~h~{m}. Descente "
                "sans incident à la demande de l’agent.",
                "{Jeune} est descendu{e} sans difficulté et a donné son identité.",
            ),
            Scene(
                "occupation_bruyante",
                "Abords du centre social",
                "Présent{e} chaque soir avec un groupe plus âgé. Le centre social demande que les "
                "interventions des services soient mieux articulées.",
                "{Jeune} accepte l’accompagnement proposé par les éducateurs.",
            ),
        ),
    ),
)
