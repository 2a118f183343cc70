"""``decide``: the charter's answer to « may this person do this, to this, today? ».

Pure, and closed by default: an action is allowed when one rule and one mandate meet every
condition, and refused otherwise, with the reason nearest to the door.
"""

from datetime import date

from charter.actions import Action
from charter.references import Article, reference_on
from charter.refusals import Shortfall, explain
from charter.rules import RULES_FOR, Audience, Condition, Rule
from charter.subjects import Actor, Decision, Mandate, Subject


def decide(actor: Actor | None, action: Action, subject: Subject, on: date) -> Decision:
    """Decide for ``actor`` (None: not signed in) on the day ``on``, in the commune's calendar."""
    rules = RULES_FOR[action]
    for rule in rules:
        if rule.roles is Audience.PUBLIC:
            return _allow(rule, None, on)
        if rule.roles is Audience.ACCOUNT and actor is not None:
            if Condition.FRESH in rule.conditions and not actor.fresh:
                return _refuse(Shortfall.STALE, action, subject, rule=rule)
            return _allow(rule, None, on)
    if actor is None:
        return _refuse(Shortfall.SIGNED_OUT, action, subject)
    if not actor.hats:
        return _refuse(Shortfall.NO_MANDATE, action, subject)

    opened: list[tuple[Rule, Mandate]] = []
    closed: list[tuple[Rule, Mandate, Shortfall]] = []
    for rule in rules:
        for mandate in actor.hats:
            if isinstance(rule.roles, Audience) or mandate.role not in rule.roles:
                continue
            missing = shortfall(rule, mandate, actor, subject, on)
            if missing is None:
                opened.append((rule, mandate))
            else:
                closed.append((rule, mandate, missing))
    if opened:
        # Two mandates may both open the door: the wider view, whatever their order.
        return _allow(*max(opened, key=lambda pair: len(pair[0].categories)), on)
    if closed:
        rule, mandate, missing = max(closed, key=lambda it: _nearness(it[1], subject, it[2]))
        return _refuse(missing, action, subject, mandate, rule)
    held = max(actor.hats, key=lambda m: (m.cell == subject.cell, m.valid(on)))
    return _refuse(Shortfall.NO_RULE, action, subject, held)


def shortfall(
    rule: Rule, mandate: Mandate, actor: Actor, subject: Subject, on: date
) -> Shortfall | None:
    """The first thing missing for ``mandate`` to meet ``rule``, or None when nothing is."""
    conditions, cell = rule.conditions, subject.cell
    if mandate.cell in actor.excluded:
        return Shortfall.EXCLUDED
    if not mandate.valid(on):
        return Shortfall.NOT_STARTED if on < mandate.starts else Shortfall.ENDED
    if cell is None and Condition.CELL in conditions:
        return Shortfall.NO_CELL
    if cell is not None and mandate.cell != cell:
        return Shortfall.OTHER_CELL
    if Condition.SIGNED in conditions and cell not in actor.signed:
        return Shortfall.OUTDATED if cell in actor.outdated else Shortfall.UNSIGNED
    if Condition.LAWFUL_FILE in conditions and cell in actor.forbidden:
        return Shortfall.FILE_FORBIDDEN
    if Condition.LAWFUL_FILE in conditions and cell in actor.uncleared:
        return Shortfall.UNCLEARED
    if Condition.ADMITTED in conditions and cell not in actor.admitted:
        return Shortfall.NOT_ADMITTED
    if Condition.DESIGNATED in conditions and not mandate.designated:
        return Shortfall.UNDESIGNATED
    return _about_subject(rule.action, conditions, actor, subject)


def _about_subject(
    action: Action, conditions: frozenset[Condition], actor: Actor, subject: Subject
) -> Shortfall | None:
    """What the thing itself lacks, and last of all the proof that it is really them."""
    if Condition.UNRECUSED in conditions and subject.recused:
        return Shortfall.RECUSED
    lent = subject.lent and not action.writes
    if Condition.PRESENT in conditions and subject.archived and not lent:
        return Shortfall.ARCHIVED
    if Condition.CONVENED in conditions and not subject.convened:
        return Shortfall.NOT_CONVENED
    if Condition.CONCERNED in conditions and not (
        subject.convened or subject.author or subject.follower
    ):
        return Shortfall.NOT_CONCERNED
    if Condition.OTHER_PERSON in conditions and subject.person in ("", actor.reference):
        return Shortfall.ONESELF
    if Condition.UNFROZEN in conditions and subject.frozen:
        return Shortfall.FROZEN
    if Condition.TURN in conditions and not subject.turn:
        return Shortfall.NOT_ITS_TURN
    if Condition.FRESH in conditions and not actor.fresh:
        return Shortfall.STALE
    return None


def _nearness(
    mandate: Mandate, subject: Subject, missing: Shortfall
) -> tuple[bool, Shortfall, date]:
    """A mandate for the cell concerned explains a refusal better than one for another cell;
    then the one that came nearest to the door; then the one that ends last."""
    return mandate.cell == subject.cell, missing, mandate.ends or date.max


def _allow(rule: Rule, mandate: Mandate | None, on: date) -> Decision:
    held = f" au titre du mandat « {mandate.role.label} »" if mandate else ""
    source = reference_on(rule.article, on).label
    sentence = f"{source} : permet{held} l’action « {rule.action.label} »."
    return Decision(True, rule.action, mandate, rule.article, sentence, categories=rule.categories)


def _refuse(
    missing: Shortfall,
    action: Action,
    subject: Subject,
    mandate: Mandate | None = None,
    rule: Rule | None = None,
) -> Decision:
    sentence, remedy = explain(missing, action, subject, mandate)
    return Decision(
        False,
        action,
        mandate,
        rule.article if rule else Article.CHARTE,
        sentence,
        remedy,
        stale=missing is Shortfall.STALE,
    )
