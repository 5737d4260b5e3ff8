# Hansard
# SPDX-License-Identifier: Apache-2.0
"""What a schema cannot say: requests that are meant to be accepted are put right where only the whole shows
that they make no sense. Those that are meant to be refused are sent as they were drawn."""

import json
import os
import re
import uuid
from datetime import date
from fractions import Fraction

import schemathesis

# The ids of the keys that are used, as they stand in `hsd_<id>_<secret>`.
with open(os.environ["HANSARD_AUTH"], encoding="utf-8") as file:
    KEYS = {entry["fixedHeaders"][0]["value"].split("_")[1] for entry in json.load(file)["auth"]}

# What `maxLength` says in characters holds for bytes of UTF-8.
MAXIMUM_BYTES = {
    "action": 64, "actions": 64, "comment": 4000, "feedback": 8000, "flag_reason": 2000,
    "governance_notes": 8000, "identified_issues": 1000, "lessons_learned": 8000,
    "positive_patterns": 1000, "reason": 1000, "summary": 4000, "tag": 64, "tags": 64,
}


@schemathesis.hook
def before_call(context, case, kwargs):
    spare_keys(case)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    name_anew(case)
    name_events_anew(case)
    forget_places(case)
    put_in_order(case, "started_after", "started_before")
    put_in_order(case, "raised_after", "raised_before")
    put_in_order(case, "after", "before")
    shorten(case.body)
    shorten(case.query)
    make_specific(case)
    spare_limits(case)


def spare_keys(case):
    """The keys that are used are in the list of keys: without them nothing would be tested."""
    if "/keys/{id}" in case.path and case.method != "GET":
        if str((case.path_parameters or {}).get("id")).replace("-", "").lower() in KEYS:
            case.path_parameters["id"] = str(uuid.uuid4())


def spare_limits(case):
    """Limits that are set turn away what is sent later: none is so low that it would be met."""
    if not case.path.endswith("/governance/policy") or not isinstance(case.body, dict):
        return
    for rate in (case.body.get("rate_limits") or {}).values():
        for name in rate or {}:
            rate[name] = 1_000_000
    for name in case.body.get("quotas") or {}:
        case.body["quotas"][name] = 1_000_000_000_000
    for rule in case.body.get("automatic_recording") or []:
        shorten(rule)


def name_anew(case):
    """An Idempotency-Key names one request: drawn twice, it would be another request under it."""
    name = (case.headers or {}).get("Idempotency-Key")
    if name is not None:
        suffix = uuid.uuid4().hex
        case.headers["Idempotency-Key"] = name[: 255 - len(suffix)] + suffix


def name_events_anew(case):
    """So does an event_id within its recording."""
    if case.path.endswith(("/event", "/events")):
        for event in case.body if isinstance(case.body, list) else [case.body]:
            if isinstance(event, dict) and event.get("event_id") is not None:
                event["event_id"] = str(uuid.uuid4())


def forget_places(case):
    """A cursor is handed out by the service, and an export goes on behind something that there is."""
    for name in ("cursor", "after_id") + (("after",) if case.path.endswith("/recording/export") else ()):
        if case.query:
            case.query.pop(name, None)


def put_in_order(case, first, last):
    """The one time cannot be later than the other."""
    if case.query and first in case.query and last in case.query:
        times = sorted((case.query[first], case.query[last]), key=instant)
        case.query[first], case.query[last] = times


def instant(text):
    """Seconds on one scale, by which times of different zones can be put in order."""
    found = re.fullmatch(r"(.{10})[Tt ](..):(..):(..)(\.\d+)?(?:[Zz]|([+-])(..):(..))", str(text))
    if found is None:
        return 0
    day, hours, minutes, seconds, fraction, sign, zone_hours, zone_minutes = found.groups()
    offset = int(zone_hours or 0) * 3600 + int(zone_minutes or 0) * 60
    time = int(hours) * 3600 + int(minutes) * 60 + int(seconds) - int((sign or "+") + str(offset))
    return date.fromisoformat(day).toordinal() * 86_400 + time + Fraction("0" + (fraction or ""))


def shorten(members):
    if not isinstance(members, dict):
        return
    for name, limit in MAXIMUM_BYTES.items():
        if isinstance(members.get(name), str):
            members[name] = cut(members[name], limit)
        elif isinstance(members.get(name), list):
            members[name] = [cut(text, limit) for text in members[name]]


def cut(text, limit):
    return text.encode()[:limit].decode(errors="ignore")


def make_specific(case):
    """Rules of redaction have names of their own, a length that does not end before it begins, and hit no
    ordinary text; those that are set hit nothing that is drawn later, which ids could not hold then."""
    policy = case.body.get("policy", case.body) if isinstance(case.body, dict) else None
    rules = policy.get("rules") if isinstance(policy, dict) else None
    for index, rule in enumerate(rules or []):
        rule["name"] = f"{rule['name'][:30]}_{index}"
        if case.method == "PUT":
            rule["literal"] = ("~rule~" + rule["literal"])[:64]
        certain = len(rule["literal"]) if rule["position"] == "prefix" else -4
        rule["minimum_length"] = max(rule["minimum_length"], 8 - certain)
        rule["maximum_length"] = max(rule["maximum_length"], rule["minimum_length"])


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """A list of events in lines of one JSON object each."""
    if not isinstance(value, list):
        return json.dumps(value).encode()
    return b"".join(json.dumps(item).encode() + b"\n" for item in value)
