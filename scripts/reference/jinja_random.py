"""Random Jinja templates over random rows, and what Python's jinja2 makes of them: the reference of JinjaRandomIT.

    python scripts/reference/jinja_random.py SEED COUNT

A JSON line each: template, syntax (whether trim_blocks, lstrip_blocks and keep_trailing_newline are on), row, and text, or error with the exception's class ("address" where the text would hold an
object's address or a class, which we refuse). The same seed gives the same templates.
"""
import itertools
import json
import random
import signal
import sys
from collections import Counter

import jinja2

def most_frequent(items):
    if not items:
        return None
    counts = Counter(items).most_common()
    return [item for item, n in counts if n == counts[0][1]]


def environment(trim_blocks, lstrip_blocks, keep_trailing_newline):
    env = jinja2.Environment(
        trim_blocks=trim_blocks, lstrip_blocks=lstrip_blocks, keep_trailing_newline=keep_trailing_newline
    )
    env.globals.update(zip=zip)
    env.filters.update(
        highlight=lambda text: "<span style='color: #F08080'>" + text + "</span>", most_frequent=most_frequent
    )
    return env


ENVIRONMENTS = {flags: environment(*flags) for flags in itertools.product((False, True), repeat=3)}

WORDS = """It's "good" très joli ΑΣ ΌΣΟΣ straße İstanbul ǆ ﬁne ıI 😀 👩‍👩‍👧 a|b <b>x</b> &amp; {{7*7}} 100% 3.50 -7 0x1F 1e5 ٣ ½ ² x_y
 foo-bar foo--bar (paren [br \\ back ' '' " #tag @me ŉ ΐ Ω ß ẞ ŒUVRE don't a.b a,b,c ÀÉ \u00a0 \u3000 \u200b \x1c \x7f é e\u0301 🫠 \U0001f9cc
 \t \n \r\n \x85 \u2028 True None nan inf 12 007 1_000 + +5 ABC abc Abc aBc ab1 1ab""".replace("\n ", " ").split(" ")
NAMES = ["s", "t", "n", "m", "f", "g", "b", "no", "l", "k", "d", "e", "rows", "nested", "words", "big", "missing", "x", "y"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.vars = list(NAMES)
        self.macros = []

    # ---- rows

    def text(self):
        r = self.r
        kind = r.random()
        if kind < 0.1:
            return ""
        if kind < 0.3:
            return r.choice(WORDS)
        return r.choice([" ", " ", " ", ",", "\n", "-", "  "]).join(r.choice(WORDS) for _ in range(r.randint(1, 6)))

    def number(self):
        r = self.r
        return r.choice([r.randint(-5, 12), r.randint(-5, 12), 0, 1, 2, r.randint(-10**6, 10**6), r.randint(-(2**70), 2**70), 2**63 - 1, -(2**63)])

    def real(self):
        r = self.r
        return r.choice([0.5, 2.5, -1.5, 0.1, 1e16, 1e-5, 3.0, -0.0, r.uniform(-10, 10), r.uniform(-1e20, 1e20), round(r.uniform(0, 5), 2), 1e300, 5e-324])

    def value(self, depth=0):
        r = self.r
        kind = r.random()
        if kind < 0.4 or depth > 2 and kind < 0.6:
            return self.text()
        if kind < 0.55 or depth > 2:
            return r.choice([self.number, self.number, self.real])()
        if kind < 0.65:
            return r.choice([True, False, None])
        if kind < 0.85:
            return [self.value(depth + 1) for _ in range(r.randint(0, 4))]
        return {r.choice(["a", "b", "c", "items", self.text()]): self.value(depth + 1) for _ in range(r.randint(0, 3))}

    def row(self):
        r = self.r
        return {
            "s": self.text(),
            "t": self.text(),
            "n": self.number(),
            "m": r.randint(-3, 9),
            "f": self.real(),
            "g": round(r.uniform(-3, 5), 2),
            "b": r.choice([True, False]),
            "no": None,
            "l": [self.value(2) for _ in range(r.randint(0, 4))],
            "k": [r.randint(-3, 9) for _ in range(r.randint(0, 5))],
            "d": {r.choice(["a", "b", "c", "B", self.text()]): self.value(2) for _ in range(r.randint(0, 4))},
            "e": {},
            "rows": [{"a": self.value(2), "b": r.randint(0, 3), "c": self.text()} for _ in range(r.randint(0, 4))],
            "nested": self.value(),
            "words": [r.choice(WORDS) for _ in range(r.randint(0, 5))],
            "big": r.randint(-(2**80), 2**80),
            "x": self.value(),
        }

    # ---- expressions

    def literal(self):
        r = self.r
        kind = r.random()
        if kind < 0.4:
            return self.quoted(self.text())
        if kind < 0.6:
            return str(r.choice([r.randint(0, 9), r.randint(0, 9), 10**18, 2**64, r.randint(0, 10**6)]))
        if kind < 0.7:
            return r.choice(["0.5", "1.5", "2.0", "1e16", "1.25e-7", "3.14159", "100.0", "1e3"])
        return r.choice(["true", "false", "none", "True", "None", "''", "[]", "{}", "()", "0"])

    def quoted(self, text):
        quote = self.r.choice("'\"")
        out = text.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\r", "\\r")
        return quote + (out.replace("\n", "\\n") if self.r.random() < 0.5 else out) + quote

    def small(self):
        return str(self.r.choice([0, 1, 2, 3, -1, -2, 5, "m", "n"]))

    def sequence(self, depth):
        r = self.r
        return r.choice(
            [
                lambda: r.choice(["l", "k", "words", "rows", "x", "nested", "s", "d"]),
                lambda: r.choice(["l", "k", "words", "rows"]),
                lambda: r.choice(["s", "t"]) + ".split(%s)" % r.choice(["", "' '", "','", "none, 1", "'-', 2"]),
                lambda: "range(%s)" % r.choice(["3", "m", "1, 5", "5, 0, -2", "0, 10, 3"]),
                lambda: "[" + ", ".join(self.expr(depth + 1) for _ in range(r.randint(0, 3))) + "]",
                lambda: "d.%s()" % r.choice(["keys", "values", "items"]),
                lambda: "zip(%s, %s)" % (r.choice(["l", "words"]), r.choice(["k", "s"])),
                lambda: self.sequence(depth + 1) + "|" + self.sequence_filter(depth + 1),
                lambda: self.sequence(depth + 1) + self.slice(),
            ]
        )()

    def slice(self):
        r = self.r
        parts = [r.choice(["", "", self.small()]) for _ in range(r.choice([2, 2, 3]))]
        if len(parts) == 3 and parts[2] in ("0",):
            parts[2] = "2"
        return "[" + ":".join(parts) + "]"

    def attribute(self):
        return self.r.choice(["'a'", "'b'", "'c'", "0", "'a.b'", "'zz'", "'c.0'", "1"])

    def test_call(self, depth):
        r = self.r
        return r.choice(
            [
                "'odd'", "'even'", "'string'", "'number'", "'none'", "'defined'", "'mapping'", "'sequence'", "'lower'",
                "'>', 1", "'<', 3", "'==', %s" % self.literal(), "'ne', 1", "'in', %s" % r.choice(["k", "s", "l"]), "'equalto', 2",
                "'divisibleby', 2", "'true'", "'boolean'", "'iterable'", "'upper'", "'integer'", "'ge', %s" % self.small(), "'float'",
            ]
        )

    def sequence_filter(self, depth):
        r = self.r
        return r.choice(
            [
                lambda: "list", lambda: "sort", lambda: "sort(%s)" % r.choice(["true", "case_sensitive=true", "reverse=true, case_sensitive=true"]),
                lambda: "sort(attribute=%s)" % r.choice(["'b'", "'b,c'", "'a'", "0"]),
                lambda: "unique%s" % r.choice(["", "(true)", "(attribute='b')"]),
                lambda: "reverse", lambda: "map(%s)" % r.choice(["'string'", "'upper'", "'length'", "'int'", "'float'", "'first'", "'abs'", "'replace', 'a', 'b'",
                                                               "'default', 'D'", "'round', 1", "'trim'", "'title'", "'list'", "'tojson'", "'join', '-'", "'truncate', 5"]),
                lambda: "map(attribute=%s)" % self.attribute(), lambda: "map(attribute=%s, default=%s)" % (self.attribute(), self.literal()),
                lambda: "select(%s)" % r.choice(["", self.test_call(depth), self.test_call(depth)]),
                lambda: "reject(%s)" % r.choice(["", self.test_call(depth), self.test_call(depth)]),
                lambda: "selectattr(%s)" % r.choice([self.attribute(), self.attribute() + ", " + self.test_call(depth)]),
                lambda: "rejectattr(%s)" % r.choice([self.attribute(), self.attribute() + ", " + self.test_call(depth)]),
                lambda: "batch(%s)" % r.choice(["2", "3, 'x'"]), lambda: "slice(%s)" % r.choice(["2", "3, 0"]),
                lambda: "groupby(%s)" % r.choice(["'b'", "'a'", "'b', default=0"]), lambda: "dictsort", lambda: "dictsort(%s)" % r.choice(["true", "false, 'value'", "reverse=true"]),
                lambda: "items",
            ]
        )()

    def scalar_filter(self, depth):
        r = self.r
        return r.choice(
            [
                lambda: r.choice("upper lower capitalize title trim string length count first last int float abs round wordcount list sum min max e escape"
                                 " safe forceescape striptags urlencode tojson center reverse highlight most_frequent join default filesizeformat".split()),
                lambda: "default(%s)" % r.choice([self.literal(), self.literal() + ", true"]),
                lambda: "replace(%s, %s)" % (self.quoted(r.choice(["a", " ", "", "ab", "-", "."])), self.quoted(self.text()[:3])),
                lambda: "replace('a', 'b', %s)" % self.small(),
                lambda: "join(%s)" % r.choice(["', '", "'-'", "m", "'|', attribute='a'", "', ', 'c'"]),
                lambda: "truncate(%s)" % r.choice(["5", "9, true", "10, false, '…'", "4, true, '', 0", "m", "12, leeway=0"]),
                lambda: "indent%s" % r.choice(["", "(2)", "('> ', true)", "(1, blank=true)"]),
                lambda: "wordwrap(%s)" % r.choice(["5", "10", "7, false", "12, true, '|'", "6, break_on_hyphens=false", "1"]),
                lambda: "center(%s)" % self.small(), lambda: "trim(%s)" % self.quoted(r.choice(["a", " -", "xyz", "'\""])),
                lambda: "round(%s)" % r.choice(["1", "2", "-1", "0, 'ceil'", "1, 'floor'", "2, 'common'", "m"]),
                lambda: "int(%s)" % r.choice(["-1", "0, 16", "default='x'", "5, 0"]), lambda: "float(%s)" % self.literal(),
                lambda: "format(%s)" % self.expr(depth + 1), lambda: "sum(%s)" % r.choice(["'b'", "start=1", "attribute='b', start=0.5"]),
                lambda: "min(%s)" % r.choice(["true", "attribute='b'"]), lambda: "max(attribute='c')", lambda: "tojson(%s)" % r.choice(["2", "indent=1", "0"]),
                lambda: "filesizeformat(true)", lambda: "attr('a')", lambda: "urlencode",
            ]
        )()

    def method(self, depth):
        r = self.r
        text = lambda: self.quoted(r.choice([" ", "a", ",", "", "ab", "-", "é", "Σ", self.text()[:2]]))
        return r.choice(
            [
                lambda: r.choice("lower upper title capitalize strip lstrip rstrip swapcase casefold isdigit isalpha isalnum isspace islower isupper istitle"
                                 " isnumeric isdecimal isascii isprintable split splitlines keys items values copy rsplit bit_length is_integer".split()) + "()",
                lambda: r.choice("strip lstrip rstrip startswith endswith find rfind index rindex count partition rpartition removeprefix removesuffix split rsplit".split()) + "(%s)" % text(),
                lambda: r.choice("split rsplit".split()) + "(%s)" % r.choice(["none, %s" % self.small(), "%s, %s" % (text(), self.small()), "maxsplit=1"]),
                lambda: r.choice("find rfind count startswith endswith index".split()) + "(%s, %s%s)" % (text(), self.small(), r.choice(["", ", " + self.small()])),
                lambda: "replace(%s, %s%s)" % (text(), text(), r.choice(["", ", 1"])), lambda: r.choice("center ljust rjust zfill".split()) + "(%s)" % r.choice(["5", "12", "m"]),
                lambda: "center(9, '*')", lambda: "expandtabs(%s)" % r.choice(["", "4", "1"]), lambda: "join(%s)" % self.sequence(depth + 1),
                lambda: "format(%s)" % ", ".join(self.expr(depth + 1) for _ in range(r.randint(0, 2))),
                lambda: "get(%s)" % r.choice(["'a'", "'zz', 5", "1"]), lambda: "pop(%s)" % r.choice(["", "0", "'a'", "'a', 1", "-1"]),
                lambda: "append(%s)" % self.expr(depth + 1), lambda: "extend(%s)" % r.choice(["k", "s", "[1]"]), lambda: "insert(%s, 0)" % self.small(),
                lambda: "update(%s)" % r.choice(["{'a': 1}", "z=1", "[('a', 2)]"]), lambda: "setdefault('q', 1)", lambda: "count(%s)" % self.literal(),
                lambda: "index(%s)" % self.literal(), lambda: "sort()", lambda: "reverse()", lambda: "remove(1)", lambda: "popitem()",
            ]
        )()

    def format_string(self):
        r = self.r
        flags = "".join(c for c in "-+ 0" if r.random() < 0.15)
        one = lambda: "%" + flags + r.choice(["", "", "5", "12", "1"]) + r.choice(["", "", ".0", ".2", ".7"]) + r.choice("sssrddfegxoXEGci%")
        return self.quoted(" ".join(one() for _ in range(r.choice([1, 1, 2])))) + " % " + r.choice([self.expr(2), "(%s,)" % self.expr(2), "(%s, %s)" % (self.expr(2), self.expr(2))])

    def brace_string(self):
        r = self.r
        spec = lambda: r.choice(["", "", ":" + r.choice(["", "*<", ">", "^", "="]) + r.choice(["", "+", " "]) + r.choice(["", "0"]) + r.choice(["", "8", "12"])
                                 + r.choice(["", "", ","]) + r.choice(["", ".1", ".3"]) + r.choice(["", "d", "f", "e", "g", "x", "s", "%", "b", "n"])])
        field = lambda: "{" + r.choice(["", "", "", "0", "a", "0[0]", "0[a]"]) + r.choice(["", "", "!r", "!s"]) + spec() + "}"
        return self.quoted(r.choice(["", "a ", "{{ "]).replace("{{ ", "[") + "-".join(field() for _ in range(r.choice([1, 1, 2])))) + ".format(%s%s)" % (
            ", ".join(self.expr(2) for _ in range(r.choice([1, 2]))), r.choice(["", ", a=" + self.expr(2)]))

    def expr(self, depth=0):
        """Mostly of a kind that the operation suits: the rest is there to be refused."""
        r = self.r
        kind = r.random()
        if depth > 3 or kind < 0.12:
            return r.choice([lambda: r.choice(self.vars), lambda: r.choice(self.vars), self.literal])()
        if kind < 0.4:
            return self.string(depth)
        if kind < 0.6:
            return self.numeric(depth)
        if kind < 0.85:
            return self.listing(depth)
        return self.anything(depth)

    def grouped(self, text):
        return text if self.r.random() < 0.3 and " " not in text else "(%s)" % text

    def string(self, depth):
        r = self.r
        if depth > 3 or r.random() < 0.2:
            return r.choice([lambda: r.choice(["s", "t", "s", "t", "rows[0].c", "words[0]"]), lambda: self.quoted(self.text())])()
        one = lambda: self.grouped(self.string(depth + 1))
        return r.choice(
            [
                lambda: "%s|%s" % (one(), self.scalar_filter(depth)),
                lambda: "%s.%s" % (one(), self.method(depth)),
                lambda: "%s.%s" % (one(), self.string_method(depth)),
                lambda: "%s.%s" % (one(), self.string_method(depth)),
                lambda: "%s|%s" % (one(), self.string_filter(depth)),
                lambda: "%s|%s" % (one(), self.string_filter(depth)),
                lambda: "%s ~ %s" % (self.operand(depth), one()),
                lambda: "%s + %s" % (one(), one()),
                lambda: "%s * %s" % (one(), self.small()),
                lambda: one() + self.slice(),
                lambda: "%s[%s]" % (one(), self.small()),
                lambda: "%s|join(%s)" % (self.sequence(depth + 1), self.quoted(self.text()[:2])),
                self.format_string,
                self.brace_string,
            ]
        )()

    def numeric(self, depth):
        r = self.r
        if depth > 3 or r.random() < 0.25:
            return r.choice([lambda: r.choice(["n", "m", "m", "f", "g", "big", "b", "loop.index", "s|length"]), lambda: str(r.choice([0, 1, 2, 3, 7, 10, 0.5, 2.5, 1e16]))])()
        one = lambda: self.grouped(self.numeric(depth + 1))
        return r.choice(
            [
                lambda: "%s %s %s" % (one(), r.choice(["+", "-", "*", "/", "//", "%", "~", "<", "==", "!=", ">="]), one()),
                lambda: "%s %s %s" % (one(), r.choice(["+", "-", "*", "/", "//", "%"]), one()),
                lambda: "%s ** %s" % (one(), r.choice(["2", "3", "0", "m", "-1"])),
                lambda: "-%s" % one(),
                lambda: "%s|%s" % (one(), r.choice(["abs", "int", "float", "string", "round", "round(1)", "round(-1)", "round(2, 'floor')", "round(1, 'ceil')", "filesizeformat", "default(1)", "tojson"])),
                lambda: "%s|%s" % (r.choice(["k", "k[1:]"]), r.choice(["sum", "max", "min", "length", "first", "last"])),
                lambda: "%s|length" % one() if r.random() < 0.1 else "%s|length" % self.grouped(self.string(depth + 1)),
                lambda: "%s.%s" % (self.grouped(self.string(depth + 1)), r.choice(["find('a')", "count('a')", "rfind(' ')", "count('')"])),
                lambda: "%s|int" % self.grouped(self.string(depth + 1)),
                lambda: "%s|float" % self.grouped(self.string(depth + 1)),
                lambda: "%s if %s else %s" % (one(), one(), one()),
            ]
        )()

    def listing(self, depth):
        r = self.r
        return "%s|%s" % (self.sequence(depth), r.choice(["list", "list", "list", "join(', ')", "first", "length", "last", "reverse|list", "unique|list", "batch(2)|list", "slice(2)|list",
                                                         "map('string')|list", "map('upper')|join('-')", "select|list", "tojson", "string", "max", "min", "sum", "most_frequent", "groupby('b')"]))

    def string_method(self, depth):
        r = self.r
        part = lambda: self.quoted(r.choice([" ", "a", ",", "ab", "-", "é", "Σ", self.text()[:2] or "x"]))
        return r.choice(
            [
                lambda: r.choice("lower upper title capitalize strip lstrip rstrip swapcase casefold isdigit isalpha isalnum isspace islower isupper istitle isdecimal"
                                 " isascii isprintable split splitlines rsplit".split()) + "()",
                lambda: r.choice("strip lstrip rstrip startswith endswith find rfind count partition rpartition removeprefix removesuffix split rsplit".split()) + "(%s)" % part(),
                lambda: r.choice("split rsplit".split()) + "(%s, %s)" % (r.choice(["none", part()]), self.small()),
                lambda: r.choice("find rfind count startswith endswith".split()) + "(%s, %s%s)" % (part(), self.small(), r.choice(["", ", " + self.small()])),
                lambda: "replace(%s, %s%s)" % (part(), part(), r.choice(["", ", 1"])),
                lambda: r.choice("center ljust rjust zfill".split()) + "(%s)" % r.choice(["5", "12", "20"]),
                lambda: "expandtabs(%s)" % r.choice(["", "4", "1"]),
                lambda: "join(%s|map('string'))" % self.sequence(depth + 1),
            ]
        )()

    def string_filter(self, depth):
        r = self.r
        return r.choice("upper lower capitalize title trim string length first last wordcount list e striptags urlencode tojson center reverse default|d int float".replace("default|d", "d").split()
                        + ["truncate(5)", "truncate(9, true)", "truncate(12, leeway=0)", "indent", "indent(2, true)", "wordwrap(5)", "wordwrap(10)", "wordwrap(7, false)", "wordwrap(8, break_on_hyphens=false)",
                           "replace('a', 'b')", "replace(' ', '')", "trim(' a')", "title", "title", "wordwrap(12)"])

    def anything(self, depth):
        r = self.r
        return r.choice(
            [
                lambda: "%s|%s" % (self.operand(depth), self.scalar_filter(depth)),
                lambda: "%s|%s" % (self.sequence(depth), self.scalar_filter(depth)),
                lambda: "%s.%s" % (self.operand(depth), self.method(depth)),
                lambda: "%s.%s" % (r.choice(["s", "t", "d", "l", "words"]), self.method(depth)),
                lambda: "%s %s %s" % (self.operand(depth), r.choice(["+", "-", "*", "/", "//", "%", "~"]), self.operand(depth)),
                lambda: "%s ** %s" % (self.operand(depth), r.choice(["2", "3", "0", "m", "0.5", "-1"])),
                lambda: "%s %s %s" % (self.operand(depth), r.choice(["==", "!=", "<", "<=", ">", ">=", "in", "not in", "==", "!="]), self.operand(depth)),
                lambda: "%s in %s" % (self.operand(depth), self.sequence(depth)),
                lambda: "%s %s %s" % (self.operand(depth), r.choice(["and", "or"]), self.operand(depth)),
                lambda: "not %s" % self.operand(depth), lambda: "+%s" % self.operand(depth),
                lambda: "%s if %s else %s" % (self.operand(depth), self.operand(depth), self.operand(depth)),
                lambda: "%s if %s" % (self.operand(depth), self.operand(depth)),
                lambda: "%s[%s]" % (self.operand(depth), r.choice([self.small(), "'a'", "'b'", self.literal()])),
                lambda: "%s.%s" % (self.operand(depth), r.choice(["a", "b", "c", "0", "zz", "items"])),
                lambda: self.sequence(depth) + self.slice(),
                lambda: "%s is %s%s" % (self.operand(depth), r.choice(["", "not "]), r.choice(
                    "defined undefined none boolean true false integer float number string mapping sequence iterable odd even callable lower upper"
                    " divisibleby(3) in(l) eq(1) gt(2) lt(f) sameas(none) escaped filter test".split())),
                lambda: "[%s]" % ", ".join(self.expr(depth + 1) for _ in range(r.randint(1, 3))),
                lambda: "(%s,)" % self.expr(depth + 1),
                lambda: "{%s: %s}" % (self.literal(), self.expr(depth + 1)),
                lambda: "dict(%s)" % r.choice(["a=1", "d, b=2", "[('x', 1)]", "**d"]),
                lambda: "%s(%s)" % (r.choice(self.macros), self.arguments(depth)) if self.macros else r.choice(self.vars),
                lambda: "%s(%s)" % (r.choice(self.macros), self.arguments(depth)) if self.macros else r.choice(self.vars),
                lambda: "loop.%s" % r.choice("index index0 first last length revindex revindex0 previtem nextitem depth".split()),
                lambda: "loop.%s" % r.choice(["cycle('a', 'b')", "changed(x)"]),
            ]
        )()

    def arguments(self, depth):
        r = self.r
        return r.choice(["", self.expr(depth + 2), "%s, %s" % (self.expr(depth + 2), self.expr(depth + 2)), "p=%s" % self.expr(depth + 2), "1, q=2", "*k", "**d", "1, 2, 3", "z=1"])

    def operand(self, depth):
        inner = self.expr(depth + 1)
        return inner if self.r.random() < 0.5 and " " not in inner else "(%s)" % inner

    # ---- statements

    def tag(self, inside):
        r = self.r
        return "{%" + r.choice(["", "", "", "-", "+"]) + " " + inside + " " + r.choice(["", "", "", "-"]) + "%}"

    def output(self):
        r = self.r
        return "{{" + r.choice(["", "", "-"]) + " " + self.expr() + " " + r.choice(["", "", "-"]) + "}}"

    def data(self):
        return self.r.choice([" ", "\n", "\n ", "\n\t", "b\n", "a", "  \n  ", "x y", "|||", "{", "}", "%", "é", "{# c #}", "{#- c -#}", ";", "{% raw %}{{ x }}{% endraw %}", ", "])

    def body(self, depth):
        return "".join(self.statement(depth) for _ in range(self.r.randint(1, 3)))

    def statement(self, depth=0):
        r = self.r
        kind = r.random()
        if depth > 2 or kind < 0.5:
            return self.data() + self.output() if kind < 0.4 else self.data()
        variable = r.choice(["x", "y", "z", "s", "n"])
        choice = r.choice("if if for for for set set setblock with macro call filter ns recursive print".split())
        if choice == "if":
            text = self.tag("if " + self.expr(1)) + self.body(depth + 1)
            if r.random() < 0.3:
                text += self.tag("elif " + self.expr(1)) + self.body(depth + 1)
            if r.random() < 0.5:
                text += self.tag("else") + self.body(depth + 1)
            return text + self.tag("endif")
        if choice == "for":
            target = r.choice([variable, variable, variable, "x, y", "k, v"])
            items = self.sequence(1) if target != "k, v" else r.choice(["d.items()", "d|dictsort", "zip(k, words)", "rows|groupby('b')"])
            condition = " if " + self.expr(2) if r.random() < 0.2 else ""
            saved = list(self.vars)
            self.vars += target.split(", ")
            text = self.tag("for %s in %s%s" % (target, items, condition)) + self.body(depth + 1)
            if r.random() < 0.2:
                text += self.tag("else") + self.body(depth + 1)
            self.vars = saved
            return text + self.tag("endfor")
        if choice == "set":
            self.vars.append(variable)
            return self.tag("set %s = %s" % (variable, self.expr()))
        if choice == "setblock":
            text = self.tag("set %s%s" % (variable, r.choice(["", "", " | upper", " | trim | length"]))) + self.body(depth + 1) + self.tag("endset")
            self.vars.append(variable)
            return text
        if choice == "with":
            return self.tag("with %s = %s" % (variable, self.expr(1))) + self.body(depth + 1) + self.tag("endwith")
        if choice == "macro":
            name = r.choice(["f", "h"])
            saved, macros = list(self.vars), list(self.macros)
            self.vars += ["p", "q", "varargs", "kwargs", "caller"][: r.choice([2, 2, 4])]
            self.macros = []
            text = self.tag("macro %s(%s)" % (name, r.choice(["", "p", "p, q=1", "p='x', q=p"]))) + self.body(depth + 1)
            text += r.choice(["", "{{ caller() }}", "{{ caller(1) if caller }}"]) + self.tag("endmacro")
            self.vars, self.macros = saved, macros + [name]
            return text
        if choice == "call" and self.macros:
            return self.tag("call%s %s(%s)" % (r.choice(["", "(a)"]), r.choice(self.macros), self.arguments(1))) + self.body(depth + 1) + self.tag("endcall")
        if choice == "filter":
            return self.tag("filter " + r.choice(["upper", "trim", "replace('a', 'b')", "title", "length", "indent(2)"])) + self.body(depth + 1) + self.tag("endfilter")
        if choice == "ns":
            return "{%% set ns = namespace(a=%s) %%}" % self.expr(2) + self.tag("for i in " + self.sequence(1)) + "{%% set ns.a = ns.a %s i %%}" % r.choice(["~", "+"]) + self.tag("endfor") + "{{ ns.a }}"
        if choice == "recursive":
            return self.tag("for x in nested recursive") + "{{ x if x is string }}{{ loop.depth }}" + "{% if x is iterable and x is not string %}({{ loop(x) }}){% endif %}" + self.tag("endfor")
        if choice == "print":
            return self.tag("print %s, %s" % (self.expr(1), self.expr(1)))
        return self.output()

    def template(self):
        return self.body(0) if self.r.random() < 0.6 else self.output()


class Slow(Exception):
    pass


def stop(signum, frame):
    raise Slow()


def render(template, row, syntax):
    text = ENVIRONMENTS[syntax].from_string(template).render(**json.loads(json.dumps(row)))
    address = any(part in text for part in (" at 0x", "<built-in", "<class", "<function", "<Namespace", "LoopContext", "<Macro", "<Cycler", "&lt;built-in", "<method"))
    return {"error": "address"} if address else {"text": text}


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGALRM, stop)
    for i in range(count):
        maker = Maker(seed * 1_000_003 + i)
        template, row = maker.template(), maker.row()
        syntax = maker.r.choice([(False, False, False), (True, True, False), maker.r.choice(list(ENVIRONMENTS))])
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        try:
            result = render(template, row, syntax)
            result.get("text", "").encode()
        except (Slow, NameError):  # NameError: Jinja writes an infinite constant as a name
            continue
        except Exception as error:
            result = {"error": type(error).__name__}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if len(result.get("text", "")) < 100_000:
            print(json.dumps({"template": template, "syntax": syntax, "row": row, **result}))


if __name__ == "__main__":
    main()
