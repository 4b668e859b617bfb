"""How is a JSON value checked as Slack checks it, each fault with its place?"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Rule = Callable[["Checker", Any, str], None]
"""Takes the checker, the value and its JSON pointer."""


class Checker:
    """Walks blocks and collects every fault, each with its pointer."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.focused = 0

    def fault(self, words: str, pointer: str) -> None:
        self.faults.append(f"{words} [json-pointer:{pointer}]")

    def typed(self, value: Any, pointer: str, kinds: Mapping[str, Rule]) -> None:
        if not self.shape(value, pointer):
            return
        rule = kinds.get(value.get("type")) if isinstance(value.get("type"), str) else None
        if rule is None:
            self.fault(f"unsupported type: {value.get('type')}", f"{pointer}/type")
        else:
            rule(self, value, pointer)

    def shape(self, value: Any, pointer: str) -> bool:
        if isinstance(value, dict):
            return True
        self.fault("must provide an object", pointer)
        return False

    def fields(
        self, value: Mapping[str, Any], pointer: str, rules: Mapping[str, Rule], required: Sequence[str] = ()
    ) -> None:
        for name in required:
            if name not in value:
                self.fault(f"missing required field: {name}", pointer)
        for name, content in value.items():
            rule = rules.get(name)
            if rule is None:
                self.fault(f"invalid additional property: {name}", pointer)
            elif content is None:
                self.fault("must not be null", f"{pointer}/{name}")
            else:
                rule(self, content, f"{pointer}/{name}")


def anything(checker: Checker, value: Any, pointer: str) -> None:
    return


def boolean(checker: Checker, value: Any, pointer: str) -> None:
    if not isinstance(value, bool):
        checker.fault("must be a boolean", pointer)


def integer(least: int, most: int) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            checker.fault(f"must be an integer from {least} to {most}", pointer)

    return rule


def string(most: int, *, least: int = 1) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if not isinstance(value, str):
            checker.fault("must be a string", pointer)
        elif len(value) < least:
            checker.fault(f"must be more than {least - 1} characters", pointer)
        elif utf16(value) > most:
            checker.fault(f"must be less than {most + 1} characters", pointer)

    return rule


def utf16(text: str) -> int:
    """Characters as JavaScript counts them: those beyond the basic plane, such as emoji, are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def one_of(*values: str) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if value not in values:
            checker.fault(f"must be one of {', '.join(values)}", pointer)

    return rule


def address(checker: Checker, value: Any, pointer: str) -> None:
    string(3000)(checker, value, pointer)
    if isinstance(value, str) and not value.startswith(("https://", "http://", "mailto:", "slack://")):
        checker.fault("invalid url", pointer)


def items(rule: Rule, most: int, *, least: int = 1) -> Rule:
    def walk(checker: Checker, value: Any, pointer: str) -> None:
        if not isinstance(value, list):
            checker.fault("must provide an array", pointer)
            return
        if len(value) < least:
            checker.fault(f"no less than {least} items allowed", pointer)
        if len(value) > most:
            checker.fault(f"no more than {most} items allowed", pointer)
        for number, item in enumerate(value):
            rule(checker, item, f"{pointer}/{number}")

    return walk


def plain(most: int) -> Rule:
    """A text object of type plain_text."""
    return _text(most, ("plain_text",))


def either(most: int) -> Rule:
    """A text object of type plain_text or mrkdwn."""
    return _text(most, ("plain_text", "mrkdwn"))


def _text(most: int, kinds: tuple[str, ...]) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if not checker.shape(value, pointer):
            return
        kind = value.get("type")
        if kind not in kinds:
            checker.fault(f"must be a {' or '.join(kinds)} object", f"{pointer}/type")
        flag = {"emoji": boolean} if kind == "plain_text" else {"verbatim": boolean}
        checker.fields(value, pointer, {"type": anything, "text": string(most), **flag}, ("type", "text"))

    return rule


def object_of(rules: Mapping[str, Rule], required: Sequence[str] = ()) -> Rule:
    def rule(checker: Checker, value: Any, pointer: str) -> None:
        if checker.shape(value, pointer):
            checker.fields(value, pointer, {"type": anything, **rules}, required)

    return rule


def kinds_of(table: Mapping[str, Rule], *names: str) -> Rule:
    chosen = {name: table[name] for name in names} if names else table

    def rule(checker: Checker, value: Any, pointer: str) -> None:
        checker.typed(value, pointer, chosen)

    return rule
