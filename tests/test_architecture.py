"""The arrows between packages, and the size of things."""

import ast
import configparser
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("audit", "charter", "casework")
LONGEST_MODULE = 400

DOMAINS = frozenset(
    [
        "account",
        "attachments",
        "aipd",
        "breaches",
        "cells",
        "charters",
        "closure",
        "cmer",
        "confidences",
        "danger",
        "deadlines",
        "deposits",
        "figures",
        "home",
        "imports",
        "information",
        "involvement",
        "journal",
        "mail",
        "members",
        "orientations",
        "parenting",
        "processing",
        "rappels",
        "recusals",
        "reports",
        "retention",
        "review",
        "rights",
        "seances",
        "signin",
        "situations",
        "transactions",
    ]
)
# A domain reaches another through its service. The exceptions, each with its reason.
ALLOWED = {
    ("aipd", "cells.kinds"): "which kinds of cell open only once cleared",
    ("cells", "situations.views"): "`in_cell`, the subject of any page of a cell",
    ("charters", "members.founding"): "signing founds the cell's key: a service of its own",
    ("charters", "situations.views"): "`in_cell`, the subject of any page of a cell",
    ("deposits", "situations.views"): "`in_cell`, and the warning about look-alikes",
    ("deposits", "situations.forms"): "a deposit is admitted by the saisine's own form",
    ("deposits", "situations.further"): "another saisine joins: a service of its own",
    ("deposits", "situations.receipt"): "a deposit is acknowledged by the same paper",
    ("mail", "seances.views"): "`one`, the subject of any page about a séance",
    ("members", "situations.views"): "`in_cell`, the subject of any page of a cell",
    ("seances", "situations.views"): "`in_cell`, the subject of any page of a cell",
    ("seances", "members.names"): "the directory's reader, on any page that names members",
    ("imports", "situations.views"): "`in_cell`, the subject of any page of a cell",
    ("imports", "situations.forms"): "each line is read by the saisine's own form and rules",
    ("imports", "situations.further"): "another saisine joins: a service of its own",
    ("rights", "situations.further"): "the same",
    ("seances", "situations.further"): "the same",
    ("orientations", "situations.views"): "the subjects of its pages, and who acts",
    ("orientations", "situations.forms"): "the warning under every free text",
    ("figures", "situations.views"): "`in_cell`, and what its reader stepped aside from",
    ("home", "deadlines.providers"): "« En retard »: each domain says what is late there",
    ("home", "rappels.consultations"): "who is asked, and who answered: a service of its own",
    ("home", "seances.requests"): "urgent séances asked for: a service of its own",
    ("home", "mail.convening"): "the answers a convocation may receive",
    ("home", "cells.options"): "the settings of a cell",
    ("home", "members.admission"): "who waits for a key: a service of its own",
    ("review", "members.accounts"): "who holds a title to a key: a service of its own",
    ("review", "members.mandates"): "mandates with their words: a service of its own",
    ("review", "members.names"): "the directory's reader, on any page that names members",
    ("reports", "situations.facet_pages"): "what a report counts, opened by pages",
    ("reports", "situations.views"): "`in_cell`, the subject of any page of a cell",
    ("account", "members.forms"): "a new passphrase is asked for as at the first one",
    ("account", "signin.ceremony"): "« Mon compte » shows and changes the means of signing in",
    ("account", "signin.confirm"): "the same",
    ("account", "signin.enrolment"): "the same",
    ("account", "signin.factors"): "the same",
    ("account", "signin.forms"): "the same",
    ("account", "signin.models"): "the same",
    ("account", "signin.recovery_codes"): "the same",
    ("account", "signin.sessions"): "the same",
    ("members", "signin.ceremony"): "taking up an invitation enrols the first second factor",
    ("members", "signin.enrolment"): "the same",
    ("members", "signin.factors"): "the same",
    ("members", "signin.forms"): "the same",
    ("members", "signin.recovery_codes"): "the same",
    ("members", "signin.sessions"): "the same",
    ("retention", "journal.motives"): "what was typed about a file is destroyed with it",
    ("retention", "rights.retention"): "the term of a request, which its register knows",
    ("retention", "situations.facet_pages"): "pages nobody believes any more go each night",
    ("retention", "situations.views"): "the subjects of its pages, and reading before an act",
    ("retention", "attachments.models"): "a scan is sealed under its fiche's key, and goes with it",
    ("retention", "rights.models"): "requests of persons have a term too",
    ("transactions", "situations.views"): "`one` and `in_cell`, the subjects of its pages",
    ("transactions", "members.signatories"): "who signs for the mairie: a service of its own",
    ("transactions", "members.signing"): "the question « who signs? », asked as everywhere",
    ("transactions", "attachments.paper_form"): "an answer on paper, asked as everywhere",
    ("rappels", "members.signatories"): "who signs for the mairie: a service of its own",
    ("rappels", "members.signing"): "the question « who signs? », asked as everywhere",
    ("rappels", "attachments.paper_form"): "an answer on paper, asked as everywhere",
    ("cmer", "situations.views"): "`one` and `in_cell`, the subjects of its pages",
    ("parenting", "situations.views"): "`one`, and reading the whole before an act",
    ("rights", "situations.views"): "`in_cell`, the subject of any page of a cell",
    ("processing", "signin.models"): "whether every account has its second factor",
    ("rappels", "situations.views"): "`one`, the subject of any page about a situation",
    ("situations", "rappels.steps"): "the short line of a procedure, on its situation's page",
    ("information", "situations.views"): "`one`, and reading the whole before an act",
    ("closure", "situations.views"): "the same",
    ("danger", "situations.views"): "the same",
    ("involvement", "situations.views"): "the same",
    ("attachments", "situations.views"): "the same",
    ("involvement", "situations.forms"): "the warning under every free text",
    ("recusals", "situations.views"): "`one`, the subject of any page about a situation",
    ("confidences", "situations.views"): "`one`, the subject of any page about a situation",
    ("confidences", "members.founding"): "the first maire founds the compartment by using it",
}
# Packing and rows that others count, join or re-key in bulk, without opening a record.
SHARED = frozenset(
    {"cells.lists", "cells.models", "situations.facets", "situations.models", "situations.index"}
    | {"situations.events", "situations.happening"}
    | {"retention.clock"}  # pure: dates in, stages out
    | {"seances.procedure"}  # the states that others count
    | {"members.models", "rappels.models", "seances.models", "deposits.models"}
)


def _modules(package: str) -> Iterator[Path]:
    yield from sorted((ROOT / package).rglob("*.py"))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(path: Path) -> set[str]:
    """Every module a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} has a relative import"
            found |= {_imported(node.module, alias.name) for alias in node.names}
    return found


def _imported(module: str, name: str) -> str:
    inside = ROOT.joinpath(*module.split("."), name)
    is_module = inside.with_suffix(".py").exists() or inside.is_dir()
    return f"{module}.{name}" if is_module else module


def _reaches(path: Path, *tops: str) -> set[str]:
    return {name for name in _imports(path) if name.split(".")[0] in tops}


@pytest.mark.parametrize("package", ["audit", "charter"])
def test_audit_and_charter_know_nothing_of_casework(package: str) -> None:
    other = {"audit": "charter", "charter": "audit"}[package]
    for path in _modules(package):
        assert not _reaches(path, "casework", other, "flask"), path


def test_the_vault_knows_nothing_of_the_web_nor_of_cases() -> None:
    for path in _modules("casework/vault"):
        assert not _reaches(path, "flask", "flask_wtf", "werkzeug", "charter"), path
        inside = {
            name for name in _reaches(path, "casework") if not name.startswith("casework.vault")
        }
        assert inside <= {"casework.db"}, path


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_a_domain_reaches_another_through_its_service(domain: str) -> None:
    wrong = []
    for path in _modules(f"casework/{domain}"):
        for name in sorted(_reaches(path, "casework")):
            _, _, inside = name.partition(".")
            other = inside.partition(".")[0]
            if other in DOMAINS - {domain} and not _through_a_door(domain, inside):
                wrong.append(f"{_name(path)} imports {name}")
    assert not wrong


def _through_a_door(domain: str, inside: str) -> bool:
    return inside.endswith(".service") or inside in SHARED or (domain, inside) in ALLOWED


def test_no_exception_outlives_its_use() -> None:
    used = {
        (domain, name.partition(".")[2])
        for domain in DOMAINS
        for path in _modules(f"casework/{domain}")
        for name in _reaches(path, "casework")
    }
    assert ALLOWED.keys() <= used
    assert {name for _, name in used} >= SHARED - {"cells.models"}


def test_views_alone_speak_to_flask() -> None:
    for path in _modules("casework"):
        if path.name in {"service.py", "models.py"}:
            assert not _reaches(path, "flask", "werkzeug"), path


def test_setup_lists_the_packages_of_the_tree() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = setup["options"]["packages"].split()
    listed = {line for line in lines if not line.startswith("casework._")}
    found = {
        _name(path.parent / "x").removesuffix(".x")
        for package in PACKAGES
        for path in (ROOT / package).rglob("__init__.py")
    }
    with_code = {
        _name(path.parent / "x").removesuffix(".x") for p in PACKAGES for path in _modules(p)
    }
    assert listed == found == with_code


@pytest.mark.parametrize("package", [*PACKAGES, "script", "tests"])
def test_no_module_is_too_long(package: str) -> None:
    for path in _modules(package):
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= LONGEST_MODULE, f"{path}: {lines} lines"


def _is_silent(handler: ast.ExceptHandler) -> bool:
    (only, *more) = handler.body
    nothing = isinstance(only, ast.Pass) or (
        isinstance(only, ast.Expr) and isinstance(only.value, ast.Constant)
    )
    return nothing and not more


@pytest.mark.parametrize("package", PACKAGES)
def test_no_error_is_swallowed(package: str) -> None:
    for path in _modules(package):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{path}:{node.lineno} catches everything"
                assert not _is_silent(node), f"{path}:{node.lineno} says nothing"
