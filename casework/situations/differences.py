"""What differs between two versions of a saisine, as it reads: for whoever saves second."""

from casework.situations.forms import SaisineForm


def differences(mine: SaisineForm, theirs: SaisineForm) -> list[tuple[str, str, str]]:
    """Label, saved value and typed value of each field that differs, as they read."""
    saved = dict(_readable(theirs))
    typed = dict(_readable(mine))
    return [
        (label, saved.get(label, ""), typed.get(label, ""))
        for label in saved | typed
        if saved.get(label, "") != typed.get(label, "")
    ]


def _readable(form: SaisineForm) -> list[tuple[str, str]]:
    values = []
    for field in form:
        if field.name in {"csrf_token", "version", "autre_personne"}:
            continue
        if field.name == "representants":
            for number, who in enumerate(field, start=1):
                values += [
                    (f"{sub.label.text} (représentant {number})", _text(sub)) for sub in who.form
                ]
        else:
            values.append((field.label.text, _text(field)))
    return values


def _text(field: object) -> str:
    data, options = field.data, dict(getattr(field, "choices", None) or ())  # type: ignore[attr-defined]
    if options:
        chosen = data if isinstance(data, list) else [data]
        return ", ".join(str(options.get(code, "")) for code in sorted(chosen) if code)
    return data.strftime("%d/%m/%Y") if hasattr(data, "strftime") else str(data or "")
