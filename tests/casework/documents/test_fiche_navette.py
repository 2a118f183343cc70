"""The fiche-navette as its three readers receive it: content, boxes, form, what it refuses."""

import builtins
import tempfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.documents.fiche_navette import (
    Answer,
    FicheNavette,
    Form,
    Held,
    IncompleteFiche,
    Reply,
    render,
)

POSSIBLE = "Le rappel à l’ordre peut avoir lieu."
JUDICIAIRE = (
    "La situation fait l’objet d’un traitement judiciaire : le rappel à l’ordre ne peut avoir lieu."
)


def opened(fiche: FicheNavette):
    return Document(BytesIO(render(fiche)))


def lines(fiche: FicheNavette) -> list[str]:
    """Every paragraph of body, tables and footer, no-break spaces read as spaces."""
    document = opened(fiche)
    paragraphs = [*document.paragraphs, *document.sections[0].footer.paragraphs]
    for table in document.tables:
        paragraphs += [p for row in table.rows for cell in row.cells for p in cell.paragraphs]
    return [paragraph.text.replace("\xa0", " ") for paragraph in paragraphs]


def rubrique(fiche: FicheNavette, temps: int, label: str) -> str:
    rows = opened(fiche).tables[temps - 1].rows
    return next(row.cells[1].text for row in rows if row.cells[0].text == label).replace(
        "\xa0", " "
    )


def test_temps_1_says_who_what_when_and_what_was_checked(announced: FicheNavette) -> None:
    text = "\n".join(lines(announced))
    for expected in (
        "Commune de Valmarin",
        "Affaire suivie par : Mme Inès Carvalho",
        "Réf. : RO-2026-0042",
        "Valmarin, le 17 novembre 2026",
        "Madame la procureure de la République\nprès le tribunal judiciaire de Port-Lumière",
        "Art. L. 132-7 du code de la sécurité intérieure",
        "Sans réponse expresse",
        "1er février 2010, Saint-Étienne-du-Val",
        "3 novembre 2026 à 21 h 05, square des Tilleuls",
        "Pétards répétés sous les fenêtres.\nDeux demandes du gardien.",
        "vérifié, le 16 novembre 2026",
        "crime ou de délit",
        "aucune plainte",
        "aucune enquête judiciaire",
        "Le 17 novembre 2026, Mme Claire Vasseur, maire de Valmarin",
        "Document confidentiel",
        announced.checkpoint,
    ):
        assert expected in text


def test_names_are_printed_exactly_as_given(announced: FicheNavette) -> None:
    assert rubrique(announced, 1, "Nom de naissance") == "d’Almeida & <fils>"
    assert rubrique(announced, 1, "Prénoms") == "Zoë, Anaïs, Éléonore"


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="{}\ufffe\uffff"),
        min_size=1,
    ).filter(str.strip)
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_name_survives(announced: FicheNavette, name: str) -> None:
    fiche = replace(announced, person=replace(announced.person, birth_name=name))
    cell = opened(fiche).tables[0].cell(1, 1).text
    assert cell == name


def test_what_a_user_types_is_never_run_as_a_tag(announced: FicheNavette) -> None:
    typed = "{{ nom_de_naissance }} {% if vrai %} \x00\x0b\x0c"
    fiche = replace(announced, facts=replace(announced.facts, part=typed))
    assert (
        rubrique(fiche, 1, "Part prise par la personne") == "{{ nom_de_naissance }} {% if vrai %} "
    )


def test_no_tag_is_left(announced: FicheNavette) -> None:
    with ZipFile(BytesIO(render(announced))) as archive:
        for name in archive.namelist():
            assert b"{{" not in archive.read(name), name
            assert b"{%" not in archive.read(name), name


def test_an_unanswered_fiche_has_empty_boxes_and_room_to_write(announced: FicheNavette) -> None:
    assert f"☐ {POSSIBLE}" in lines(announced)
    assert f"☐ {JUDICIAIRE}" in lines(announced)
    assert "☒" not in "\n".join(lines(announced))
    assert rubrique(announced, 2, "Date, nom et signature") == ""
    assert rubrique(announced, 3, "Date") == ""


def test_a_favourable_answer_ticks_its_box_alone(answered: FicheNavette) -> None:
    assert f"☒ {POSSIBLE}" in lines(answered)
    assert f"☐ {JUDICIAIRE}" in lines(answered)
    assert rubrique(answered, 2, "Date, nom et signature") == (
        "Le 24 novembre 2026, M. Rémi Aubanel, substitut du procureur"
    )
    assert "Compte rendu attendu sous quinzaine." in lines(answered)


def test_a_judicial_answer_ticks_the_other(announced: FicheNavette) -> None:
    answer = Answer(day=date(2026, 11, 24), reply=Reply.JUDICIAIRE, by="M. Rémi Aubanel")
    found = lines(replace(announced, answer=answer))
    assert f"☐ {POSSIBLE}" in found
    assert f"☒ {JUDICIAIRE}" in found


def test_temps_3_reports_who_held_it_how_and_with_whom(answered: FicheNavette, held: Held) -> None:
    fiche = replace(answered, held=held, dated=date(2026, 12, 15))
    found = lines(fiche)
    assert "☒ Le rappel à l’ordre a été tenu." in found
    assert "☐ Carence : la personne ne s’est pas présentée." in found
    assert "☒ Devant la cellule de citoyenneté et de tranquillité publique (CCTP)" in found
    assert rubrique(fiche, 3, "Date") == "12 décembre 2026"
    assert "arrêté n° 2026-118" in rubrique(fiche, 3, "Tenu par")
    assert rubrique(fiche, 3, "Personnes présentes") == "Mme Léa d’Almeida, mère"
    assert "15 décembre 2026" in rubrique(fiche, 3, "Date, nom et signature")
    assert any("vous rendre compte" in line for line in found)
    assert not any("mon intention" in line for line in found)


def test_temps_3_can_be_light_or_a_carence(answered: FicheNavette, held: Held) -> None:
    no_show = replace(held, form=Form.ALLEGEE, carence=True, present="")
    found = lines(replace(answered, held=no_show))
    assert "☐ Le rappel à l’ordre a été tenu." in found
    assert "☒ Carence : la personne ne s’est pas présentée." in found
    assert any(line.startswith("☒ Forme allégée") for line in found)


def test_there_is_no_temps_3_without_a_favourable_answer(
    announced: FicheNavette, answered: FicheNavette, held: Held
) -> None:
    judicial = Answer(day=date(2026, 11, 24), reply=Reply.JUDICIAIRE, by="M. Rémi Aubanel")
    for answer in (None, judicial):
        with pytest.raises(IncompleteFiche, match="l’accord du procureur"):
            replace(announced, answer=answer, held=held)
    with pytest.raises(IncompleteFiche, match="l’accord du procureur"):
        replace(answered, held=replace(held, day=date(2026, 11, 23)))


def test_the_reasons_of_a_judicial_answer_are_not_recorded(answered: FicheNavette) -> None:
    assert answered.answer is not None
    with pytest.raises(IncompleteFiche, match="motifs"):
        replace(answered, answer=replace(answered.answer, reply=Reply.JUDICIAIRE))


def test_a_minor_is_heard_with_an_adult_or_a_reason(answered: FicheNavette, held: Held) -> None:
    alone = replace(held, present="")
    with pytest.raises(IncompleteFiche, match="adultes présents"):
        replace(answered, held=alone)
    replace(answered, held=replace(alone, impossibility="Parents à l’étranger."))
    turns_18 = replace(answered.person, born_on=date(2008, 12, 12))
    replace(answered, person=turns_18, held=alone)
    with pytest.raises(IncompleteFiche):
        replace(answered, person=replace(turns_18, born_on=date(2008, 12, 13)), held=alone)


@pytest.mark.parametrize("field", ["birth_name", "given_names", "born_at"])
def test_the_etat_civil_is_complete(announced: FicheNavette, field: str) -> None:
    with pytest.raises(IncompleteFiche, match="Il manque"):
        replace(announced, person=replace(announced.person, **{field: " "}))


def test_an_answer_follows_the_notice(answered: FicheNavette) -> None:
    assert answered.answer is not None
    with pytest.raises(IncompleteFiche, match="avant"):
        replace(answered, answer=replace(answered.answer, day=date(2026, 11, 16)))


def test_properties_name_nobody(answered: FicheNavette, held: Held) -> None:
    with ZipFile(BytesIO(render(replace(answered, held=held)))) as archive:
        properties = "".join(
            archive.read(name).decode() for name in archive.namelist() if "docProps" in name
        )
    for name in ("Almeida", "Zoë", "Carvalho", "Vasseur", "Aubanel", "Bensaïd", "python-docx"):
        assert name not in properties
    core = opened(answered).core_properties
    assert (core.title, core.author, core.language) == (
        "RO-2026-0042",
        "Commune de Valmarin",
        "fr-FR",
    )
    assert core.last_modified_by == "Commune de Valmarin"
    assert core.modified is not None
    assert core.modified.date() == date(2026, 11, 17)


def test_the_document_is_accessible(announced: FicheNavette) -> None:
    document = opened(announced)
    headings = [(p.style.name, p.text.replace("\xa0", " ")) for p in document.paragraphs]
    assert [heading for heading in headings if heading[0].startswith("Heading")] == [
        ("Heading 1", "Fiche-navette relative à un rappel à l’ordre"),
        ("Heading 2", "Temps 1 — Le maire informe"),
        ("Heading 2", "Temps 2 — Le procureur répond"),
        ("Heading 2", "Temps 3 — Le maire rend compte"),
    ]
    assert all(text for _, text in headings), "an empty paragraph is no spacing"
    for table in document.tables:
        assert table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    languages = document.styles.element.iter(qn("w:lang"))
    assert {language.get(qn("w:val")) for language in languages} == {"fr-FR"}


def test_every_page_carries_reference_page_and_checkpoint(announced: FicheNavette) -> None:
    footer = opened(replace(announced, made="Produit par moi.")).sections[-1].footer
    xml = footer._element.xml
    assert "RO-2026-0042" in xml
    assert "NUMPAGES" in xml
    assert footer.paragraphs[1].text == f"Produit par moi. {announced.checkpoint}"
    assert footer.paragraphs[1].style.font.name == "Courier New"


def test_a_long_account_is_printed_whole(announced: FicheNavette) -> None:
    account = "\n".join(f"Constat {number} : cris et musique." for number in range(400))
    fiche = replace(announced, facts=replace(announced.facts, description=account))
    assert rubrique(fiche, 1, "Description des faits") == account


def test_the_same_fiche_is_the_same_file(announced: FicheNavette) -> None:
    assert render(announced) == render(announced)


def test_nothing_is_written_on_disk(
    announced: FicheNavette, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = builtins.open

    def reading_only(file, mode="r", *args, **kwargs):
        assert not set(mode) & set("wax+"), f"{file} opened for writing"
        return really_open(file, mode, *args, **kwargs)

    def refused(*_args, **_kwargs):
        raise AssertionError("a temporary file was asked for")

    monkeypatch.setattr(builtins, "open", reading_only)
    for door in ("mkstemp", "mkdtemp", "TemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, door, refused)
    assert render(announced)
