"""Prose to statements and numbers of this trial: sentences, whose trial they are about, cues as data, negation."""
