"""RoB 2 over every reachable set of answers, against an evaluator of ordered rules that shares no code with ours."""

from __future__ import annotations

import random
from itertools import product

import pytest
import yaml

from reviewkit.instruments import judge, overall, reached

pytestmark = pytest.mark.real
LEVELS = ["low", "some_concerns", "high"]
LIKE = {"Y": "PY", "PY": "Y", "N": "PN", "PN": "N"}


class OrderedRules:
    """The first rule that holds wins; conditions are `always`, question -> class, `any` and `all`."""

    def __init__(self, text: str):
        logic = yaml.safe_load(text)
        self.classes = logic["answer_classes"]
        self.domains = [(domain["id"], domain["effect"], domain) for domain in logic["domains"]]

    def holds(self, condition, answers) -> bool:
        if condition == "always":
            return True
        ((key, value),) = condition.items()
        if key == "any":
            return any(self.holds(part, answers) for part in value)
        if key == "all":
            return all(self.holds(part, answers) for part in value)
        return answers.get(key, "NA") in self.classes[value]

    def combinations(self, domain):
        """Every set of answers a person can give: questions that apply have an answer, the others NA."""
        found = [{}]
        for question in domain["questions"]:
            longer = []
            for answers in found:
                codes = ["NA"]
                if self.holds(question["applies_when"], answers):
                    blank = question.get("na_when_applicable", False)
                    codes = [code for code in question["answers"] if code != "NA" or blank]
                longer += [{**answers, question["id"]: code} for code in codes]
            found = longer
        return found

    def judge(self, domain, answers):
        parts = domain.get("parts", [domain])
        return max((self.first(part["rules"], answers) for part in parts), key=LEVELS.index)

    def first(self, rules, answers):
        return next(rule["judgement"] for rule in rules if self.holds(rule["when"], answers))


@pytest.fixture(scope="module")
def rules(shared) -> OrderedRules:
    return OrderedRules((shared / "instruments" / "rob2.yaml").read_text(encoding="utf-8"))


def effect_named(effect: str) -> str | None:
    return None if effect == "any" else effect


def test_every_reachable_set_of_answers_leads_to_the_same_judgement(rules):
    compared = 0
    for name, effect, domain in rules.domains:
        for answers in rules.combinations(domain):
            assert judge("rob2", name, answers, effect_named(effect)) == rules.judge(domain, answers), (name, answers)
            compared += 1
    assert compared == 35_118


def test_the_same_questions_are_asked(rules):
    for name, effect, domain in rules.domains:
        blank = {q["id"] for q in domain["questions"] if q.get("na_when_applicable")}
        for answers in rules.combinations(domain):
            asked = [
                q["id"]
                for q in domain["questions"]
                if q["applies_when"] == "always" or rules.holds(q["applies_when"], answers)
            ]
            assert list(reached("rob2", name, answers, effect_named(effect))) == asked
            assert all(code != "NA" or question not in asked or question in blank for question, code in answers.items())


def test_probably_has_the_same_consequence_everywhere(rules):
    for name, effect, domain in rules.domains:
        for answers in rules.combinations(domain):
            if set(answers.values()) & {"PY", "PN"}:
                continue
            softened = {question: LIKE.get(code, code) for question, code in answers.items()}
            assert judge("rob2", name, softened, effect_named(effect)) == judge(
                "rob2", name, answers, effect_named(effect)
            )


def test_an_answer_to_a_question_that_is_not_asked_never_matters_and_one_that_is_missing_always_does(rules):
    chance = random.Random(20190822)
    for name, effect, domain in rules.domains:
        legal = {question["id"]: question["answers"] for question in domain["questions"]}
        every = rules.combinations(domain)
        for answers in chance.sample(every, min(len(every), 400)):
            asked = reached("rob2", name, answers, effect_named(effect))
            noise = {q: chance.choice(codes) for q, codes in legal.items() if q not in asked}
            told = judge("rob2", name, {**answers, **noise}, effect_named(effect))
            assert told == judge("rob2", name, answers, effect_named(effect))
            left_out = chance.choice(asked)
            without = {q: code for q, code in answers.items() if q != left_out}
            assert judge("rob2", name, without, effect_named(effect)) is None


def test_every_set_of_five_judgements_leads_to_the_worst():
    every = list(product(LEVELS, repeat=5))
    assert len(every) == 243
    for judged in every:
        assert overall("rob2", dict(zip(("D1", "D2", "D3", "D4", "D5"), judged, strict=True))) == max(
            judged, key=LEVELS.index
        )
