"""Names of people who do not exist, as varied as those of a southern French town."""

from functools import lru_cache
from random import Random

from faker import Faker

FEMININ, MASCULIN = 1, 2


def each(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


# The sixty of the demonstration: surname, first names, sex (codes of the closed list). Apostrophes,
# particles, hyphens, accents, and look-alikes who are different people: Lefèvre and Lefebvre,
# Ben Saïd and Bensaïd, Benali and Ben Ali, Martin and Martinez.
SIXTY: tuple[tuple[str, str, int], ...] = (
    ("Lefèvre", "Léa Marie", FEMININ),
    ("Lefebvre", "Léo", MASCULIN),
    ("Lefébure", "Théa", FEMININ),
    ("Ben Saïd", "Yacine Mohamed", MASCULIN),
    ("Bensaïd", "Yassine", MASCULIN),
    ("Benali", "Lina", FEMININ),
    ("Ben Ali", "Lyna Sarah", FEMININ),
    ("Aït-Ahmed", "Rayan", MASCULIN),
    ("El Amrani", "Sofia", FEMININ),
    ("Lamrani", "Ilyès", MASCULIN),
    ("N’Diaye", "Awa Fatou", FEMININ),
    ("Ndiaye", "Ibrahima", MASCULIN),
    ("D’Almeida", "Kévin Rui", MASCULIN),
    ("Le Goff", "Maëlle", FEMININ),
    ("Martin--Dupont", "Noé", MASCULIN),
    ("Martin", "Hugo Jean-Luc", MASCULIN),
    ("Martinez", "Ugo", MASCULIN),
    ("Dupont", "Chloé", FEMININ),
    ("Dupond", "Clémence", FEMININ),
    ("Müller", "Anaïs", FEMININ),
    ("Nguyen", "Minh Anh", FEMININ),
    ("N’Guyen", "Thomas", MASCULIN),
    ("Da Silva", "Inês", FEMININ),
    ("Da Silva", "Mateus", MASCULIN),
    ("Gonçalves", "Filipe", MASCULIN),
    ("Fernandez", "Lola", FEMININ),
    ("Garcia", "Enzo", MASCULIN),
    ("De Luca", "Giulia", FEMININ),
    ("Esposito", "Mattéo", MASCULIN),
    ("Di Marco", "Alessio", MASCULIN),
    ("Traoré", "Mamadou", MASCULIN),
    ("Coulibaly", "Aminata", FEMININ),
    ("Ouattara", "Issa", MASCULIN),
    ("M’Bappou", "Grâce", FEMININ),
    ("Saïdi", "Khadija", FEMININ),
    ("Chérif", "Nassim", MASCULIN),
    ("Boukhalfa", "Inès", FEMININ),
    ("Haddad", "Karim", MASCULIN),
    ("Ould-Kaci", "Amine", MASCULIN),
    ("Bouazza", "Nour", FEMININ),
    ("Abdallah", "Saïd-Omar", MASCULIN),
    ("Mohamed", "Faïza", FEMININ),
    ("Petrosyan", "Aram", MASCULIN),
    ("Yıldız", "Elif", FEMININ),
    ("Kowalczyk", "Hélène", FEMININ),
    ("Gauthier", "Mathéo", MASCULIN),
    ("Gautier", "Mathis", MASCULIN),
    ("Fabre", "Émilie", FEMININ),
    ("Roux", "Océane", FEMININ),
    ("Blanc", "Dylan", MASCULIN),
    ("Giraud", "Lucas", MASCULIN),
    ("Girard", "Lukas", MASCULIN),
    ("Arnaud-Peyre", "Manon", FEMININ),
    ("De la Roque", "Augustin", MASCULIN),
    ("Saint-Martin", "Célia", FEMININ),
    ("Reynaud", "Gaël", MASCULIN),
    ("Cœurderoy", "Zoé", FEMININ),
    ("Santiago", "Esteban", MASCULIN),
    ("Rakoto", "Tiana", FEMININ),
    ("Hoarau", "Loïc", MASCULIN),
)

PRENOMS: dict[int, tuple[str, ...]] = {
    FEMININ: each(
        """Aïcha Alicia Alyssa Amina Anaïs Assia Camille Célia Chaïma Chloé Clara Elif Élisa Emma
        Éva Fanta Fatima Fatoumata Giulia Hafsa Inaya Inès Jade Jeanne Julia Khadija Léa Lina Lola
        Louise Lucie Maëlys Maïssa Manon Mariama Marwa Mila Nawel Noémie Nour Océane Romane Safia
        Salomé Sara Sirine Sofia Thaïs Yasmine Zoé"""
    ),
    MASCULIN: each(
        """Adam Amadou Amine Anthony Axel Bilal Clément Diego Dylan Eliott Enzo Ethan Gabriel Gaël
        Hamza Hugo Ibrahim Ilyès Ismaël Jérémy Jules Karim Kévin Léo Loïc Lorenzo Lucas Malik Mathéo
        Maxime Mehdi Mohamed Moussa Nabil Nathan Noé Nolan Ousmane Raphaël Rayan Rémi Sacha Samuel
        Théo Thiago Tom Walid Yacine Yanis Youssef"""
    ),
}
PRENOMS_ADULTES: dict[int, tuple[str, ...]] = {
    FEMININ: each(
        """Aurélie Aïssata Bénédicte Carla Caroline Céline Christelle Delphine Élodie Emmanuelle
        Fadila Fatiha Florence Francesca Gaëlle Hélène Isabelle Karima Laetitia Leïla Magali Malika
        Maria Mireille Nadia Naïma Nathalie Rachida Rokia Samira Sandrine Sonia Stéphanie Sylvie
        Véronique Yamina Zohra"""
    ),
    MASCULIN: each(
        """Abdelkader Ahmed Alain André Antonio Bakary Bruno Cédric Christophe David Didier Éric
        Fabrice Farid François Frédéric Giovanni Hervé Hocine Jean-Luc Jérôme Joaquim José Kamel
        Laurent Marc Mickaël Mourad Nasser Olivier Pascal Philippe Rachid Sébastien Seydou Stéphane
        Tarek Thierry"""
    ),
}

# A long tail of surnames, as in any directory: roots and endings of the south, put together.
ROOTS = each(
    "Arbal Bastid Bonnef Bourdel Brun Cabass Calv Canneb Castel Chabaud Combal Cros Daumas Escoff "
    "Espin Estev Faur Ferrand Font Gard Gaubert Gontar Guig Honor Isnard Jauf Laug Lomb Marc Maur "
    "Mérind Montel Olivar Pasc Pellegr Plan Quiss Ramb Raymond Ricard Roch Sabat Seren Taur Valent"
)
ENDINGS = each(
    "ac ade aille ane ard as aud el elin enc enq esse et ette ier ieu in iol on ol otte ouse y"
)
PARTICLES = ("De ", "Le ", "Ben ", "D’", "Da ", "El ", "Aït ", "Di ")


@lru_cache(maxsize=1)
def surnames() -> tuple[str, ...]:
    """Every surname to draw from: those above, Faker's, and the long tail. Always the same."""
    faker = Faker("fr_FR")
    faker.seed_instance(2026)
    common = sorted({faker.last_name() for _ in range(1500)})
    tail = [root + ending for root in ROOTS for ending in ENDINGS]
    # Common names several times over, as in life.
    return tuple([nom for nom, _, _ in SIXTY] * 6 + common * 3 + tail)


def surname(rng: Random) -> str:
    """One surname; some have a particle, some are double."""
    pool, draw = surnames(), rng.random()
    nom = rng.choice(pool)
    if draw < 0.08:
        return f"{nom}-{rng.choice(pool)}"
    if draw < 0.12 and " " not in nom and "’" not in nom:
        particle = rng.choice(PARTICLES)
        return particle + nom if particle != "D’" or nom[0] in "AEÉIO" else f"De {nom}"
    return nom


def prenoms(rng: Random, sexe: int) -> str:
    """One first name, sometimes two."""
    first = rng.choice(PRENOMS[sexe])
    second = rng.choice(PRENOMS[sexe])
    return f"{first} {second}" if rng.random() < 0.25 and second != first else first
