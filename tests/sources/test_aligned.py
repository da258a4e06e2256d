"""Words as they are read beside the words as they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests_of_publications import bare

from reviewkit.sources.aligned import of_element, of_string, plain


@pytest.mark.parametrize(
    "marked, reading, source",
    [
        ("2.0 × 10<sup>8</sup> cells", "2.0 × 10^8 cells", "2.0 × 108 cells"),
        ("10<sup>−6</sup> M", "10^−6 M", "10−6 M"),
        ("30 kg/m<sup>2</sup>", "30 kg/m^2", "30 kg/m2"),
        ("ml min<sup>−1</sup>", "ml min^−1", "ml min−1"),
        ("as shown.<sup>12</sup> We", "as shown. We", "as shown.12 We"),
        ("as shown<sup>1,2</sup> before", "as shown before", "as shown1,2 before"),
        ("as shown <sup>1–3, 7</sup>.", "as shown .", "as shown 1–3, 7."),
        ("in 2010<sup>12</sup> and", "in 2010 and", "in 201012 and"),
        ("43<sup>a</sup> men, 12<sup>*</sup>", "43 men, 12", "43a men, 12*"),
        ("the 1<sup>st</sup> day", "the 1st day", "the 1st day"),
        ("given <sup>18</sup>F", "given 18F", "given 18F"),
        ("<i>in vitro</i> and H<sub>2</sub>O", "in vitro and H2O", "in vitro and H2O"),
        ("plain  words", "plain words", "plain words"),
    ],
)
def test_raised_words_are_read_by_what_they_mean_and_quoted_as_they_stand(marked, reading, source):
    for aligned in (of_string(marked), of_element(etree.fromstring(f"<p>{marked}</p>"))):
        assert (aligned.reading, aligned.source) == (reading, source)


def test_a_linked_citation_is_left_out_whatever_it_is_raised_on():
    node = etree.fromstring('<p>10<sup><xref rid="b">8</xref></sup> and<xref><sup>9</sup></xref> x</p>')
    assert (of_element(node).reading, of_element(node).source) == ("10 and x", "108 and9 x")


def test_headings_in_a_string_stand_on_lines_of_their_own():
    aligned = of_string("<h4>Methods: </h4>We flew. <h4>Results</h4>They &lt; 3 flew.")
    assert aligned.reading == "Methods\nWe flew.\nResults\nThey < 3 flew."
    assert aligned.source == "Methods: We flew. Results They < 3 flew."


@pytest.mark.parametrize("words", ["p <0.05 and n> 3", "a<b and c>d", "x < i and y > z", "1 <2>", "<unknown> kite"])
def test_signs_that_are_no_tags_stay(words):
    assert of_string(words).source == words


def test_lines_and_paragraphs_of_a_plain_text_are_kept_for_the_reading():
    aligned = plain("Title\r\n\r\n   One line\rtwo lines\n \n\nEnd")
    assert aligned.reading == "Title\n\nOne line\ntwo lines\n\nEnd"
    assert aligned.source == "Title One line two lines End"


PIECES = st.sampled_from(
    [
        "10",
        "<sup>8</sup>",
        "<sup>1,2</sup>",
        "<h4>Methods</h4>",
        "words ",
        " a",
        "<i>b</i>",
        "\n",
        "&lt;",
        "<sup> 3 </sup>",
        ".",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.data())
def test_what_a_part_was_read_from_is_a_part_of_what_stands(marked, data):
    aligned = of_string(marked)
    start = data.draw(st.integers(0, len(aligned.reading)))
    end = data.draw(st.integers(start, len(aligned.reading)))
    quote = aligned.source_of(start, end)
    assert bare(quote) in bare(aligned.source)
    letters = [c for c in aligned.reading[start:end] if c.isalpha()]
    assert [c for c in quote if c.isalpha()] == letters


@given(st.text(max_size=40))
def test_any_string_is_read_whole(words):
    aligned = of_string(words)
    assert aligned.source_of(0, len(aligned.reading)) in aligned.source
