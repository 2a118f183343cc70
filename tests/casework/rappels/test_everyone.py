"""Everyone tries everything, in any order, with any dates, some under an ended mandate."""

from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from casework.rappels.models import Rappel
from casework.rappels.procedure import EXCLUSIONS
from casework.rappels.service import is_minor
from casework.situations.models import Situation
from casework.web.access import today
from casework.web.forms import read_day
from charter.models import MandateRow
from charter.roles import Role
from tests.casework.rappels.walk import Walk, born_on, typed
from tests.conftest import World

PEOPLE = {
    "coordination": Role.COORDONNATEUR,
    "maire": Role.MAIRE,
    "education": Role.EDUCATION_NATIONALE,
    "parquet": Role.PARQUET,
    "justice_ville": Role.CORRESPONDANT_JUSTICE_VILLE,
    "dpo": Role.DPO,
    "administration": Role.ADMINISTRATEUR,
    "bailleur": Role.SIGNALEUR,
}
OURS = {"coordination", "maire"}
HELD = {"tenir", "carence"}
STEPS = (
    *("relancer", "consulter", "conclure", "passer-outre", "convoquer", "remettre"),
    *("consigner", "rectifier", "informer", "clore", "renoncer", "repondre"),
)
days = st.integers(-40, 40)
texts = st.sampled_from(["", "Un mot"])
acts = st.tuples(
    st.sampled_from(sorted(PEOPLE)),
    st.sampled_from(STEPS),
    st.fixed_dictionaries(
        {
            "motif": texts,
            "note": texts,
            "presents": texts,
            "impossibilite": texts,
            "issue": st.sampled_from(sorted(HELD)),
            "reponse": st.sampled_from(["reponse_possible", "reponse_judiciaire"]),
            "jour": days.map(typed),
            "tenu_le": days.map(typed),
            "resultat": st.sampled_from(["absent", "refus"]),
        }
    ),
    st.booleans(),
)
answers = st.sampled_from(["oui", "non", "non", "non"])
announced = st.tuples(
    st.one_of(st.just("coordination"), st.sampled_from(sorted(PEOPLE))),
    st.fixed_dictionaries(dict.fromkeys(EXCLUSIONS, answers)),
    st.one_of(st.just(False), st.booleans()),
)
# The way through, tried often so that every depth is reached, among the random acts.
WAY = ("repondre", "passer-outre", "convoquer", "consigner", "informer", "clore")
FIXED = {
    "cellule": "GSP",
    "jusquau": typed(7),
    "destinataires": "Dominique Lefebvre, 1 rue Basse",
    "heure": "17:30",
    "lieu": "Mairie",
    "mode": "main_propre",
    "remis_le": typed(),
    "agent": "Brigadier Orsini",
    "forme": "cellule",
    "tenu_par": "Le maire",
    "suite": "rien",
}


def test_no_order_of_acts_reaches_what_the_law_closes(small_world: World) -> None:
    coordinator = small_world.coordinator()
    with small_world.database.read() as session:
        waiting = select(Rappel.reference).where(Rappel.attend == "parquet").order_by(Rappel.id)
        reference = session.scalars(waiting).first()
    walk = Walk(small_world, reference)
    minor = is_minor(born_on(walk.page), today())
    public = "mineur" if "sera majeure le" in walk.page or minor else "adulte"
    visitors = {key: small_world.visitor(key) for key in PEOPLE} | {"coordination": coordinator}
    done: list[tuple[str, str, dict[str, str]]] = []

    def attempt(who: str, step: str, data: dict[str, str], ended: bool) -> None:
        side = "fiches" if step == "repondre" else "rappels"
        url = f"/{side}/{reference}/{step}"
        if ended:
            _end(small_world, PEOPLE[who], today() - timedelta(days=1))
        answer = visitors[who].post(url, {"version": walk.version, "public": public} | FIXED | data)
        if ended:
            _end(small_world, PEOPLE[who], None)
            assert answer.status_code == 403, (who, step)
        assert answer.status_code < 500, answer.text
        if answer.status_code == 302:
            done.append((who, step, data))
            _lawful(done, minor)

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(acts, min_size=6, max_size=10), st.integers(0, len(WAY)))
    def everyone(tried: list[tuple[str, str, dict[str, str], bool]], depth: int) -> None:
        for act in tried:
            attempt(*act)
        for step in WAY[:depth]:
            who = "parquet" if step == "repondre" else "coordination"
            data = {"motif": "Un mot", "issue": "tenir", "presents": "Sa mère", "jour": typed()}
            attempt(who, step, data | {"tenu_le": typed(), "reponse": "reponse_possible"}, False)

    everyone()
    assert done, "nothing was ever allowed: the test proves nothing"


def test_nobody_announces_despite_an_exclusion(small_world: World) -> None:
    """Any role, any answers, any situation, some under an ended mandate."""
    visitors = {key: small_world.visitor(key) for key in PEOPLE}
    visitors["coordination"] = small_world.coordinator()
    with small_world.database.read() as session:
        taken = select(Rappel.situation)
        query = select(Situation.reference).where(Situation.id.not_in(taken))
        free = list(session.scalars(query.where(Situation.cell == "CCTP")).all())
    made: list[str] = []

    @example(("coordination", dict.fromkeys(EXCLUSIONS, "non"), False), free[0])
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(announced, st.sampled_from(free))
    def everyone(act: tuple[str, dict[str, str], bool], situation: str) -> None:
        who, typed_answers, ended = act
        if ended:
            _end(small_world, PEOPLE[who], today() - timedelta(days=1))
        answer = visitors[who].post(f"/situations/{situation}/rappel", typed_answers)
        if ended:
            _end(small_world, PEOPLE[who], None)
        assert answer.status_code < 500, answer.text
        if answer.status_code == 302 and answer.location.startswith("/rappels/"):
            made.append(situation)
            assert who == "coordination"
            assert not ended
            assert set(typed_answers.values()) == {"non"}

    everyone()
    assert made, "nothing was ever announced: the test proves nothing"


def _end(world: World, role: Role, on: date | None) -> None:
    with world.database.write() as session:
        session.execute(update(MandateRow).where(MandateRow.role == role).values(ends=on))
        session.commit()


def _lawful(done: list[tuple[str, str, dict[str, str]]], minor: bool) -> None:
    """What was allowed so far, in its order."""
    made = [step for _, step, _ in done]
    who, step, data = done[-1]
    assert who == "parquet" if step == "repondre" else who in OURS, done[-1]
    if step in WAY[2:]:
        assert "repondre" in made, made
        answer = next(typed for _, one, typed in done if one == "repondre")
        assert answer["reponse"] == "reponse_possible"
    if step == "convoquer":
        assert {"conclure", "passer-outre"} & set(made), made
    if step == "consigner":
        assert "convoquer" in made, made
        called = max(rank for rank, step in enumerate(made) if step == "convoquer")
        assert read_day(data["tenu_le"]) >= read_day(done[called][2]["jour"]), done
        if data["issue"] == "carence":
            given = [typed["resultat"] for _, one, typed in done[called:] if one == "remettre"]
            assert given[-1:] == ["refus"], done
        if data["issue"] == "tenir" and minor:
            assert data["presents"] or data["impossibilite"]
    if step == "informer":
        assert "consigner" in made, made
    assert made.count("repondre") <= 1
