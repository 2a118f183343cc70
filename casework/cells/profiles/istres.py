"""Port-Miran, a fictional commune organised as the Istres strategy 2017-2020 (file 001) says.

The commune, its quartiers and its schools do not exist; the rules are those of the document.
"""

from casework.cells.lists import Term
from casework.cells.profiles.model import CellProfile, Profile, Retention, School

# 001:877-891, and 001:1027 for who surrounds the maire in the light form.
CCTP = CellProfile(
    code="CCTP",
    name="Cellule de citoyenneté et de tranquillité publique",
    kind="cctp",
    cadence="Une fois par trimestre ou par quadrimestre ; en urgence à la demande d’un membre",
    composition=(
        "maire",
        "elu_delegue",
        "coordonnateur",
        "commissaire",
        "chef_pm",
        "education_nationale",
        "conseil_departemental",
    ),
)

# 001:822-833. It sits under the supervision of the procureur, who is not a member.
GSP = CellProfile(
    code="GSP",
    name="Groupe de suivi personnalisé",
    kind="gsp",
    cadence="Une fois par trimestre ; en urgence en cas de besoin",
    composition=(
        "coordonnateur",
        "commissaire",
        "education_nationale",
        "conseil_departemental",
        "pjj",
        "prevention_specialisee",
        "veille_educative",
    ),
)

QUARTIERS = (
    Term(1, "centre_ancien", "Centre ancien"),
    Term(2, "les_salins", "Les Salins"),
    Term(3, "la_garriguette", "La Garriguette"),
    Term(4, "le_grand_mistral", "Le Grand-Mistral"),
    Term(5, "les_tamaris", "Les Tamaris"),
    Term(6, "la_pinede_haute", "La Pinède-Haute"),
    Term(7, "le_moulin_blanc", "Le Moulin-Blanc"),
    Term(8, "les_restanques", "Les Restanques"),
    Term(9, "port_vieux", "Port-Vieux"),
    Term(10, "l_aubanel", "L’Aubanel"),
)

# As many schools as took part in the veille éducative (001:775).
SCHOOLS = (
    School(1, "ecole_des_salins", "École des Salins", "ecole"),
    School(2, "ecole_de_la_garriguette", "École de la Garriguette", "ecole"),
    School(3, "ecole_du_moulin_blanc", "École du Moulin-Blanc", "ecole"),
    School(4, "ecole_des_tamaris", "École des Tamaris", "ecole"),
    School(5, "ecole_du_port_vieux", "École du Port-Vieux", "ecole"),
    School(6, "ecole_des_restanques", "École des Restanques", "ecole"),
    School(7, "ecole_de_la_lavande", "École de la Lavande", "ecole"),
    School(8, "ecole_du_cadran", "École du Cadran", "ecole"),
    School(9, "college_du_grand_mistral", "Collège du Grand-Mistral", "college"),
    School(10, "college_de_la_pinede", "Collège de la Pinède", "college"),
    School(11, "college_des_aigrettes", "Collège des Aigrettes", "college"),
    School(12, "college_de_la_tour_rose", "Collège de la Tour-Rose", "college"),
    School(13, "lycee_du_phare", "Lycée du Phare", "lycee"),
    School(14, "lycee_pro_des_ateliers", "Lycée professionnel des Ateliers", "lycee_pro"),
)

PROFILE = Profile(
    slug="istres",
    commune="Port-Miran",
    tribunal="tribunal judiciaire d’Aigues-Hautes",
    service="Direction de la citoyenneté et de la cohésion sociale",
    cells=(CCTP, GSP),
    quartiers=QUARTIERS,
    schools=SCHOOLS,
    retention=Retention(),
    absenteeism_hears_pupil=False,  # 001:944: « hors la présence de celui-ci »
    parquet_reminder_days=15,  # our own choice: the document sets no delay
)
