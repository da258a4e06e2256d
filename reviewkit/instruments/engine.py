"""The engine: complete answers to a judgement, by the tables of any instrument's file.

It never guesses: without an answer to a question that is asked there is no judgement, and where the guidance leaves a
step to people (raising an overall judgement) the engine stops before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reviewkit.errors import Problem, ReviewError
from reviewkit.instruments.instrument import (
    NOT_ASKED,
    Domain,
    Instrument,
    OverallRow,
    Question,
    Table,
    domain_ids,
    domain_of,
    load,
    unknown,
)
from reviewkit.words import nearest

Answers = Mapping[str, str | None]  # question -> code; None or "" is not answered


def judge(instrument: str, domain: str, answers: Answers, effect: str | None = None) -> str | None:
    """The judgement of one domain, one of the instrument's levels; None while a question that is asked is unanswered.

    `answers` is question -> code; without `effect` the instrument's first effect of interest is meant. NA for a
    question that is asked is no answer, unless its own codes have it. Answers to questions that are not asked count
    for nothing. Raises ReviewError, which names the question and its codes, for a code or a question that is none.
    """
    tool = load(instrument)
    chosen = domain_of(tool, domain, effect)
    given = _read_answers(tool, chosen, answers)
    asked = _asked(chosen, given)
    if _open(asked, given):
        return None
    counted = dict.fromkeys((question.id for question in chosen.questions), NOT_ASKED)
    counted |= {question.id: given[question.id] for question in asked}
    return max((_judge_table(table, counted) for table in chosen.tables), key=tool.levels.index)


def reached(instrument: str, domain: str, answers: Answers, effect: str | None = None) -> tuple[str, ...]:
    """The questions that are asked, given these answers: ids in order, those already answered among them."""
    tool = load(instrument)
    chosen = domain_of(tool, domain, effect)
    return tuple(question.id for question in _asked(chosen, _read_answers(tool, chosen, answers)))


def unanswered(instrument: str, domain: str, answers: Answers, effect: str | None = None) -> tuple[str, ...]:
    """The questions that are asked and wait for an answer: what to put to the reviewer next."""
    tool = load(instrument)
    chosen = domain_of(tool, domain, effect)
    given = _read_answers(tool, chosen, answers)
    return tuple(question.id for question in _open(_asked(chosen, given), given))


def overall(instrument: str, judgements: Mapping[str, str | None]) -> str | None:
    """The judgement over all domains, from those in force (`{"D1": "low", …}`); None while a domain is missing.

    Several domains with some concerns stay some concerns: raising them is for a person, with a reason. Raises
    ReviewError for a domain or a judgement that the instrument does not have.
    """
    tool = load(instrument)
    domains = domain_ids(tool)
    for domain, judgement in judgements.items():
        if domain not in domains:
            raise unknown("domain", domain, domains, where=tool.name)
        if judgement and judgement not in tool.levels:
            raise unknown("judgement", judgement, tool.levels, where=f"{tool.name}, {domain}")
    judged = [judgements.get(domain) for domain in domains]
    if not all(judged):
        return None
    (judgement,) = [row.judgement for row in tool.overall if _holds(row, judged)]
    return judgement


def _holds(row: OverallRow, judged: list[str | None]) -> bool:
    return (
        (row.any is None or row.any in judged)
        and (row.none is None or row.none not in judged)
        and (row.every is None or set(judged) == {row.every})
    )


def _read_answers(tool: Instrument, domain: Domain, answers: Answers) -> dict[str, str]:
    """The answers that are given, question -> code; ReviewError for the first that is not legal."""
    questions = {question.id: question for question in domain.questions}
    where = ", ".join(filter(None, (tool.name, domain.id, domain.effect and f"effect of {domain.effect}")))
    given = {}
    for id_, answer in answers.items():
        if id_ not in questions:
            raise unknown("question", id_, tuple(questions), where=where)
        if answer is None or answer == "":
            continue
        if answer not in _legal(questions[id_]):
            raise _illegal(tool, questions[id_], answer, f"{where}, question {id_}")
        given[id_] = answer
    return given


def _legal(question: Question) -> tuple[str, ...]:
    """The codes that may stand at a question; NA is one wherever it can happen that the question is not asked."""
    codes = question.answers.split()
    return tuple(dict.fromkeys([*codes, NOT_ASKED] if question.asked_if else codes))


def _illegal(tool: Instrument, question: Question, answer: object, where: str) -> ReviewError:
    legal = _legal(question)
    meanings = {tool.answers[code]: code for code in legal}
    close = nearest(str(answer), [*legal, *meanings])
    fix = f"did you mean {meanings.get(close, close)!r}?" if close else "answer with one of these codes"
    return ReviewError(Problem(where, None, repr(answer), "one of " + ", ".join(legal), fix))


def _asked(domain: Domain, given: Mapping[str, str]) -> list[Question]:
    """The questions that are asked, in order; only answers to questions that are asked open others."""
    asked: list[Question] = []
    counted: dict[str, str] = {}
    for question in domain.questions:
        if not question.asked_if or any(_opens(condition, counted) for condition in question.asked_if):
            asked.append(question)
            if question.id in given:
                counted[question.id] = given[question.id]
    return asked


def _opens(condition: Mapping[str, str], counted: Mapping[str, str]) -> bool:
    return all(_meets(codes, counted.get(question)) for question, codes in condition.items())


def _open(asked: Iterable[Question], given: Mapping[str, str]) -> list[Question]:
    """Those of the questions asked that have no answer."""
    return [question for question in asked if given.get(question.id) not in question.answers.split()]


def _judge_table(table: Table, counted: Mapping[str, str]) -> str:
    """The judgement of the one row that the answers meet."""
    answers = [counted[question] for question in table.questions]
    (judgement,) = [row[-1] for row in table.rows if all(map(_meets, row[:-1], answers))]
    return judgement


def _meets(cell: str, answer: str | None) -> bool:
    return cell == "*" or answer in cell.split()
