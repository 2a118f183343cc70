"""Port-Miran: a fictional commune, its quartiers and its schools. None of them exists; its cells
are those of the profile « istres »."""

from dataclasses import dataclass
from typing import Literal

from casework.cells.lists import Term

COMMUNE = "Port-Miran"
TRIBUNAL = "tribunal judiciaire d’Aigues-Hautes"


@dataclass(frozen=True)
class School(Term):
    """A school of the commune: a term of its closed list « établissement », and its kind."""

    kind: Literal["ecole", "college", "lycee", "lycee_pro"]


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
