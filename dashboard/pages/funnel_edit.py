"""What an edit does to the draft of a funnel: plain functions on what the editor keeps."""

from copy import deepcopy

from analytics.funnel import Definition

KINDS = {
    "event": "Event",
    "page_type": "Page type",
    "page": "Page",
    "like": "Page like",
    "name": "Event name",
    "property": "Property",
}
FIRST = {
    "event": {"kind": "event", "value": "view_item"},
    "page_type": {"kind": "page_type", "value": "product"},
    "page": {"kind": "page", "value": "/"},
    "like": {"kind": "page", "value": "/sale/%", "operator": "like"},
    "name": {"kind": "name", "value": "Button clicked"},
    "property": {"kind": "property", "key": "price", "value": "50", "operator": "at_least"},
}
MOST_STEPS, MOST_EXCLUSIONS = 10, 6


def draft(definition: Definition) -> dict:
    """The definition as the editor keeps it: each step with its alternatives and with what may not happen before it."""
    raw = definition.as_dict()
    steps = [_step(step) for step in raw["steps"]]
    for exclusion in raw["exclusions"]:
        steps[exclusion["after_step"]]["without"].append(exclusion["step"])
    return {"name": raw["name"], "unit": raw["unit"], "window": raw["window"], "steps": steps}


def definition(draft: dict) -> Definition:
    """What the draft stands for. Raises Invalid that says what is wrong."""
    steps, exclusions = [], []
    last = len(draft["steps"]) - 1
    for number, step in enumerate(draft["steps"]):
        first, *others = step["any"]
        steps.append(first | {"any_of": others, "optional": step["optional"] and 0 < number < last})
        exclusions += [{"after_step": number, "step": one} for one in step["without"] if number]
    return Definition.parse({name: draft[name] for name in ("name", "unit", "window")} | {"steps": steps, "exclusions": exclusions})


def kind_of(alternative: dict) -> str:
    """Its kind in the editor, where a pattern of pages is one of its own."""
    return "like" if alternative["kind"] == "page" and alternative.get("operator") == "like" else alternative["kind"]


def changed(draft: dict, touched: dict, value) -> dict:
    """The draft after a control with the id `touched` took this value, or a button was pressed."""
    draft, at = deepcopy(draft), touched["step"]
    steps = draft["steps"]
    if touched["type"] == "funnel-flag":
        steps[at]["optional"] = bool(value)
    elif touched["type"] == "funnel-not":
        steps[at]["without"][touched["alt"]] = {"kind": "event", "value": value}
    elif touched["type"] == "funnel-part":
        _set(steps[at]["any"], touched["alt"], touched["part"], value)
    else:
        _do(steps, touched["do"], at, touched["alt"])
    return draft


def _set(alternatives: list[dict], number: int, part: str, value) -> None:
    if part != "kind":
        alternatives[number][part] = value
    elif kind_of(alternatives[number]) != value:
        alternatives[number] = dict(FIRST[value])


def _do(steps: list[dict], do: str, at: int, alt: int) -> None:
    if do == "add" and len(steps) < MOST_STEPS:
        steps.append({"any": [dict(FIRST["event"])], "optional": False, "without": []})
    elif do in ("up", "down"):
        steps.insert(at + (-1 if do == "up" else 1), steps.pop(at))
    elif do == "remove":
        steps.pop(at)
    elif do == "or":
        steps[at]["any"].append(dict(FIRST["event"]))
    elif do == "unor":
        steps[at]["any"].pop(alt)
    elif do == "without" and sum(len(step["without"]) for step in steps) < MOST_EXCLUSIONS:
        steps[at]["without"].append({"kind": "event", "value": "error"})
    elif do == "with":
        steps[at]["without"].pop(alt)


def _step(step: dict) -> dict:
    plain = {name: value for name, value in step.items() if name not in ("any_of", "optional")}
    return {"any": [plain, *step.get("any_of", [])], "optional": step.get("optional", False), "without": []}
