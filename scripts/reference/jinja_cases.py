"""Small Jinja templates and what Python's jinja2 makes of them: the reference of JinjaCasesTest.

    python scripts/reference/jinja_cases.py > lib/src/test/resources/dev/sparktune/template/jinja/cases.jsonl

The first line is the row over which all are rendered; each other line a template and either text, what it renders, or
error, the exception's class ("address" where the text would hold an object's address or a class, which we refuse).
"""
import json
from collections import Counter

import jinja2

ENV = jinja2.Environment()
ENV.globals.update(zip=zip)


def most_frequent(items):
    if not items:
        return None
    counts = Counter(items).most_common()
    return [item for item, n in counts if n == counts[0][1]]


ENV.filters.update(
    highlight=lambda text: "<span style='color: #F08080'>" + text + "</span>", most_frequent=most_frequent
)

ROW = {
    "s": "Hello, wörld 😀!",
    "q": "It's \"so\"\n\ttoo\\ \u00a0\u200b\U0001f600\u2028é\x00\x7f",
    "empty": "",
    "pad": " \t\u3000x y\u00a0 \n",
    "n": 7,
    "neg": -7,
    "zero": 0,
    "big": 9007199254740993,
    "f": 2.5,
    "g": 0.1,
    "t": True,
    "no": None,
    "l": [3, 1, 2],
    "words": ["b", "A", "a", "C"],
    "mixed": [1, 1.0, True, None, "x", [1], {"k": "v"}],
    "d": {"a": 1, "b": {"c": [10, 20]}, "items2": "x"},
    "rows": [{"n": "x", "v": 2}, {"n": "y", "v": 1}, {"n": "z", "v": 2}],
    "nested": [[1, 2], [3, 4]],
}


def expressions():
    yield from (
        # printing
        "s q no t f g n neg big l mixed d nested empty undefined_name (1,) () (1,2) [] {} range(3) range(1,9,2) [q] {q:q}"
        " [1.0] [undefined_name] d.keys() d.values() d.items() [d.keys()]".split()
    )
    for number in (
        "1.0 0.1 1e16 1e15 123456789012345680.0 1e22 1e23 2e23 5e-324 2.2250738585072014e-308 1.7976931348623157e308 1e-4"
        " 0.0001 0.00001 1.5e-5 1e-7 9.999999999999999e22 4.35 0.3 100.0 1e100 3.0e-10 123.456 1_000.5 1_0 0.1e1 12e0"
    ).split():
        yield number
    yield from "1e300*1e10 -1e300*1e10 (1e300*1e10)-(1e300*1e10) -0.0 0.1+0.2 1/3 2/3 10/3 1e16/3".split()
    # arithmetic
    for a in ("7", "-7", "7.5", "-7.5", "true", "0", "0.0"):
        for b in ("2", "-2", "2.5", "-2.5", "true"):
            for op in "+ - * / // %".split():
                yield f"{a} {op} {b}"
    yield from (
        "2**10 2**-1 2**0.5 -2**2 (-2)**2 0**0 2**3**2 1/0 1//0 1%0 1.0//0 1.0%0 0**-1 big/3 big*2 big+0.0 big==big+0.0"
        " 9007199254740993==9007199254740992.0 'a'*3 3*'ab' 'a'*-1 [1]*3 (1,2)*2 'a'+'b' 'a'+1 1+'a' [1]+[2] (1,)+(2,)"
        " [1]+(2,) no+1 -no -s +t -t +f l+l -[1] not_there+1 s-1 s*1.0"
    ).split()
    # comparison
    for a in ("1", "1.0", "true", "'a'", "'B'", "none", "[1,2]", "(1,2)", "[1]", "{}", "not_there", "'é'", "'😀'", "'\uffff'"):
        for op in ("==", "!=", "<", ">="):
            for b in ("1", "'a'", "[1, 2]", "none", "not_there", "'\ufffd'"):
                yield f"{a} {op} {b}"
    yield from (
        "1<2<3|1<3<2|1==1.0==true|3>2>1>0|1 in [1.0]|'a' in 'cat'|'' in ''|1 in 'a'|'a' in d|'z' in d|1 not in l|none in mixed"
        "|'a' in not_there|2 in range(5)|5 in range(5)|2.0 in range(5)|[1] in mixed|{'k':'v'} in mixed|1 in n|not 1|not ''"
        "|not not_there|1 and 2|0 and 2|0 or 'x'|'' or none|1 or not_there.x|not n == 7|n == 7 and t|{'a':1}=={'a':1.0}"
        "|{1:2,3:4}=={3:4,1:2}|[1,[2]]==[1,[2.0]]|(1,)==[1]|range(3)==range(0,3,1)|[1,2]<[1,3]|[1]<[1,0]|(2,)<(1,5)|[1]<['a']"
        "|n if t|n if not t|n if no else s|(n if no) is undefined|1 if 0 else 2 if 0 else 3|not_there == not_there2|'10'<'9'"
    ).split("|")
    # indexing and slicing
    yield from (
        "s[0] s[-1] s[-2] s[100] s[:5] s[5:] s[-4:] s[::-1] s[::2] s[1:10:3] s[10:1:-3] s[:-1] s[5:2] s[none:3] s[true]"
        " s['x'] s[1.0] l[0] l[-1] l[3] l[-4] l[1:] l[::-1] l[:100] l[5:] l['a'] l[none] l[not_there] (1,2,3)[1:] (1,2)[0]"
        " range(10)[2] range(10)[2:8:2] range(10)[::-1] range(10)[-3:] range(0)[0] d.a d['a'] d.b.c[1] d.zzz d['zzz'] d.zzz.y"
        " d[1] d[[1]] n.x n[0] no.x no[0] f[0] not_there.x not_there[0] rows[0].n rows[-1]['v'] rows.0.n rows.1.v l.0 l.9"
        " s[1:2:0] s['a':] l[1.0:] n[1:] d[1:] not_there[1:] {1:'x'}[1.0] {1:'x',true:'y'} {'a':1,'a':2} {(1,2):3}[(1,2)]"
        " {[1]:2} 'abc'[1] [1,2,3][1:][0] s.x l.x d.b['c'][0] t[0] nested[1][0] d.items2"
    ).split()
    # filters
    for f in (
        "length count string lower upper capitalize trim list first last min max sort unique|list abs int float round"
        " default('D') default('D',true) join join(', ') replace('l','L') most_frequent sort(reverse=true) title2"
    ).split():
        for v in ("s", "n", "f", "no", "l", "words", "d", "empty", "not_there", "t", "pad", "(3,1)", "range(3)", "'-1.5'", "q"):
            yield f"{v} | {f}"
    yield from (
        "'42'|int;' 42 '|int;'4_2'|int;'4__2'|int;'_4'|int;'+5'|int;'--5'|int;'1e3'|int;'12.9'|int;'-12.9'|int;'x'|int;'x'|int(-1)"
        ";'٣'|int;''|int;2.9|int;-2.9|int;true|int;none|int;'inf'|int;'nan'|int;[]|int;'0x1f'|int;'1_0.5'|float;' 1.5e2 '|float"
        ";'1e'|float;'.5'|float;'5.'|float;'.'|float;'infinity'|float;'-inf'|float;'NaN'|float;'1.5f'|float;'0x1p3'|float"
        ";'x'|float(2.5);'٣.٥'|float;2.5|round;3.5|round;-0.3|round;0.5|round;2.675|round(2);1234.5678|round(-2);7|round;15|round(-1)"
        ";25|round(-1);1.1|round(1,'ceil');1.19|round(1,'floor');7|round(0,'ceil');-1.5|round(method='floor');2.5|round(method='x')"
        ";42.55|round|int;-3|abs;-2.5|abs;true|abs;1.005|round(2);5e-324|round(3);1e300|round(2);4.35|round(1)"
        ";words|sort;words|sort(case_sensitive=true);words|sort(reverse=true);words|unique|list;words|unique(true)|list"
        ";words|min;words|max;words|min(true);rows|sort(attribute='v');rows|sort(attribute='v,n',reverse=true);rows|map(attribute='n')|list"
        ";rows|map(attribute='zz')|list;rows|map(attribute='zz',default='-')|join(',');rows|map(attribute='n')|join('-')"
        ";rows|selectattr('v','equalto',2)|list;rows|selectattr('v','gt',1)|map(attribute='n')|list;rows|rejectattr('v','==',2)|list"
        ";rows|selectattr('n')|list;rows|join(', ',attribute='n');rows|max(attribute='v');l|map('string')|list;words|map('lower')|join"
        ";words|map('replace','a','z')|list;l|select('>',1)|list;l|select('odd')|list;l|reject('odd')|list;mixed|select|list"
        ";mixed|select('none')|list;l|reject('in',[1,2])|list;l|map('round',1)|list;nested|map('first')|list;nested|map(attribute=1)|list"
        ";nested|map('sum2')|list;['a','b','a']|most_frequent;[]|most_frequent;'banana'|most_frequent;[1,true,2,2.0]|most_frequent"
        ";'x'|highlight;1|highlight;'%s-%d'|format('a',3);'%(a)s'|format(a=1);'%s'%n;'%s %s'%(1,'b');'%5.2f|'%3.14159;'%-5s|'%'a'"
        ";'%05d'%42;'%+d'%5;'% d'%5;'%d'%3.9;'%d'%'x';'%i'%true;'%.3s'%'abcdef';'%r'%'a';'%%'%();'%s'%[1,2];'%s'%{'a':1};'%s'%(1,2)"
        ";'abc'%1;'abc'%[1];'%s%s'%1;'%(a)s'%{'a':5};'%(b)s'%{'a':5};'%5s'%'é';'%.0f'%2.5;'%.0f'%3.5;'%f'%1;'%.1f'%0.25;'%.2f'%-0.001"
        ";'%05.1f'%-2.25;'%s'%none;'%';'%z'%1;'a,b,,c'|replace(',','');'aaa'|replace('a','b',2);'abc'|replace('','-');'a😀b'|replace('','-')"
        ";5|replace(5,6);'x'|default('y');not_there|d('z');none|default('z');''|default('z');''|default('z',boolean=true);0|default(1,true)"
        ";' xx '|trim;'xxaxx'|trim('x');'xyaxy'|trim('yx');l|join;l|join(1);'abc'|join('-');{'a':1}|join;n|join;d|list;d|length;d|first"
        ";range(5)|list;range(5)|last;range(0)|first;range(5,0,-2)|list;(l|map('string'))[0];l|map('string')|first;''|first;''|last;[]|min"
        ";'ß'|capitalize;'ǆabc'|capitalize;'ﬁx'|capitalize;'ABC dEF'|capitalize;'ΑΣ'|lower;'straße'|upper;'İ'|lower;'éA'|capitalize"
        ";[1,'a']|sort;[none,1]|min;[[2],[1]]|sort;l|unique|list;[1,1.0,true]|unique|list;[[1]]|unique|list;'bABa'|unique|list"
        ";l|first(1);l|nofilter;s|lower();s|join(d=', ');s|join(x=1);s|truncate2"
    ).split(";")
    # methods
    yield from (
        "s.lower();s.upper();'a b  c'.split();'a b  c'.split(' ');'a,b,c'.split(',');'a,b,c'.split(',',1);'a,b,c'.split(sep=',',maxsplit=1)"
        ";' a b '.split(none);''.split();''.split(',');'abc'.split('');pad.split();pad.strip();pad.lstrip();pad.rstrip();'xxax'.strip('x')"
        ";'a b c'.split(none,1);' a b  c '.split(maxsplit=1);'abc'.replace('b','');'aXbX'.replace('X','-',1);'abc'.replace('','-');'a'.replace(1,2)"
        ";'abc'.index('c');'a😀c'.index('c');'abc'.index('z');'abc'.find('z');'a😀c'.rfind('c');'abcabc'.rfind('b');'abcabc'.count('b');'aaa'.count('aa')"
        ";'abc'.count('');'abc'.startswith('ab');'abc'.endswith('bc');'abc'.startswith(('x','a'));'abc'.startswith(1);'-'.join(['a','b'])"
        ";'-'.join(l);'-'.join('abc');''.join([]);'hello world'.title();\"they're bill's\".title();'hELLO wORLD'.capitalize();'3ab'.title();'ß x'.title()"
        ";l.index(2);l.index(9);l.count(1);[1,2,1].index(1,1);[1,2].index(true);(1,2).index(2);(1,1).count(1);d.keys()|list;d.values()|list;d.items()|list"
        ";d.get('a');d.get('z');d.get('z',5);d.get('z',otherwise=5);l.append(4);l.pop();l.pop(0);l.pop(9);[].pop();[3,4].pop(-2);d.pop('a');d.pop('z');d.pop('z',1)"
        ";d.update({'z':1});d.update(z=1);d.update([('k',1)]);d.setdefault('a',5);d.setdefault('q',5);s.nomethod();n.lower();no.lower();not_there.lower();d.a()"
        ";[1,2].copy();l.extend([1]);l.insert(0,9);l.remove(1);l.remove(99);l.reverse();l.clear();'a'.lower('b');'abc'[0].upper();'a|b'.split('|')[1]"
        ";dict(a=1,b=2);dict([('a',1)]);dict({'a':1},b=2);dict();zip([1,2],'ab')|list;zip([1],[])|list;zip()|list;range('a');range(1.0);range(1,2,0);range(not_there)"
    ).split(";")
    # tests
    for test in (
        "defined undefined none boolean true false integer float number string mapping sequence iterable odd even in(l) divisibleby(7)"
        " eq(7) ==2 equalto(1) ne(7) gt(1) lt(1) ge(7) le(7) divisibleby 3 sameas2 string2"
    ).replace(" ==2", "").replace("divisibleby 3", "divisibleby(3)").split():
        for v in ("n", "s", "no", "t", "f", "l", "d", "not_there", "range(2)", "(1,)", "zero"):
            yield f"{v} is {test}"
            if v == "n":
                yield f"{v} is not {test}"
    yield from ("n is divisibleby 7", "n is eq 7 and t", "n is in [7]", "not n is odd", "n is odd is even", "n is string or t")
    # lexing
    yield from (
        r"'a\nb'|'a\tb'|'\x41\u00e9\U0001f600'|'\101\0'|'a\'b'|" + r'"a\"b"' + r"|'\d\w'|'a' 'b' 'c'|'\\n'|'a\
b'|{'a':{'b':1}}|{'a':1}['a']|((1))|(1,)|[1,2,]|{'a':1,}|1 ,2|'é'|1.5.x|1 .x|-1|- -1|+-1|--1|-n|-l[0]|-s|length|true|True|TRUE|none|None|NONE"
    ).split("|")
    yield from ("'|' ~ 1 ~ none ~ 'x' ~ [1] ~ not_there", "1 ~ 2 + 3", "2 * 3 ~ 4", "-1|abs", "-(1)|string ~ 'x'", "n + 1|string|length",
                "2**2*3", "10 - 2 - 3", "2 * 3 % 4", "7 // 2 * 2", "not true == false", "'a' if 1 else 'b' ~ 'c'", "01", "0", "00", "1__0", "1a", "'a",
                "a b", "1 +", "(1", "[1", "{1", "1)", "a.", "a[", "a[]", "a[1,2]", "|upper", "x|", "x is", "f(", "$", "a ? b", "'a'.", "a..b", "*a", "a=1",
                "s.lower", "s.nothing", "l.nothing", "loop", "loop.index", "1 in", "5 is 5", "a if", "if a", "not", "'\\x4'", "'\\N{DASH}'")


WHOLE = [
    "a\n", "a\n\n", "\n", "", "a\r\nb\rc\n", "  {{ n }}  ", "{{ n }}\n", "{{ n }}\n\n", "a {{- n -}} b", "a\n {{- n -}} \n b", "{{-n}}", "{{+n}}", "{{ n -}}\n x",
    "a {# c #} b", "a {#- c -#} b", "a {#+ c +#} b", "{# {{ x }} #}", "{# a", "{% raw %}{{ x }}{% endraw %}", "{%- raw -%} {{ x }} {%- endraw -%} y",
    "{% raw %}x", "{%raw%} {% if %} {%endraw%}", "{{ '{{' }} {{ '}}' }} {{ '%}' }}", "{{", "}}", "{%", "{% %}", "{{ }}", "a { b } c {", "{ {n} }", "{{ {'a':{}}}}", "{{ {}}}",
    "{% if t %}yes{% endif %}", "{% if no %}y{% elif zero %}z{% else %}e{% endif %}", "{% if no %}y{% elif n %}z{% else %}e{% endif %}", "{% if not_there %}y{% else %}n{% endif %}",
    "{% if 1, %}t{% endif %}", "{% if %}{% endif %}", "{% if t %}", "{% endif %}", "{% else %}", "{% if t %}{% endfor %}", "{% if t: %}x{% endif %}",
    "{%- if t -%} x {%- endif -%} y", "{% if t +%} x{% endif %}", "{%+ if t %}x{% endif %}", "a\n  {% if t %}\n  b\n  {% endif %}\nc\n",
    "{% for x in l %}{{ x }},{% endfor %}", "{% for x in l -%} {{ x }} {%- endfor %}", "{% for x in [] %}a{% else %}none{% endfor %}", "{% for x in not_there %}a{% else %}e{% endfor %}",
    "{% for x in no %}{% endfor %}", "{% for x in n %}{% endfor %}", "{% for c in s %}{{ c }}|{% endfor %}", "{% for k in d %}{{ k }}{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for a, b in nested %}{{ a }}{{ b }};{% endfor %}", "{% for a, b in l %}{% endfor %}", "{% for a, b, c in nested %}{% endfor %}",
    "{% for a, in [[1]] %}{{ a }}{% endfor %}", "{% for a, (b, c) in [[1, [2, 3]]] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "{% for (a, b) in nested %}{{ a }}{% endfor %}",
    "{% for x in l if x > 1 %}{{ loop.index }}:{{ x }}/{{ loop.length }};{% endfor %}", "{% for x in l if x > 9 %}a{% else %}none{% endfor %}",
    "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}",
    "{% for x in l %}{{ loop.previtem }}<{{ x }}<{{ loop.nextitem }};{% endfor %}", "{% for x in l %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in l %}{% if not loop.last %}{{ x }}, {% else %}and {{ x }}{% endif %}{% endfor %}", "{% for x in l|map('string') %}{{ x }}{{ loop.last }}{{ loop.length }}{% endfor %}",
    "{% for x in l %}{% for y in words %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}", "{% for x in l %}{% for y in words if loop.index == 1 %}{{ y }}{% endfor %};{% endfor %}",
    "{% for x in range(3) %}{{ x }}{% endfor %}{{ x }}", "{% set x = 1 %}{% for x in l %}{% endfor %}{{ x }}", "{% set x = 1 %}{% for y in l %}{% set x = x + y %}{{ x }};{% endfor %}{{ x }}",
    "{% for y in l %}{{ z }}{% set z = y %}{{ z }};{% endfor %}{{ z }}", "{% if t %}{% set x = 1 %}{% endif %}{{ x }}", "{% set ns = namespace(x=0, l=[]) %}{% for y in l %}{% set ns.x = ns.x + y %}{% endfor %}{{ ns.x }}{{ ns.l }}{{ ns.zz }}",
    "{% set q.x = 1 %}", "{% set s.x = 1 %}", "{% set ns = namespace() %}{% for i in l if i != ns.last %}{% set ns.last = 1 %}{{ i }}{% endfor %}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a, b = 'xy' %}{{ a }}{{ b }}", "{% set a = 1, 2 %}{{ a }}", "{% set a = %}", "{% set 1 = 2 %}", "{% set true = 2 %}", "{% set a %}x{{ n }}{% endset %}[{{ a }}]", "{% set a %}{% set b = 1 %}{% endset %}{{ b }}",
    "{% set a = n if t else s %}{{ a }}", "{% set l2 = [] %}{% for x in l %}{{ l2.append(x * 2) or '' }}{% endfor %}{{ l2 }}", "{% set x = [] %}{% if x.append(1) %}{% endif %}{{ x }}",
    "{% set y = l %}{% set _ = y.append(5) %}{{ l }}", "{% for x in l %}{% if x < 5 and l.append(x + 3) %}{% endif %}{{ x }}{% endfor %}", "{% for k in d %}{% set _ = d.update({k ~ 'x': 1}) %}{% endfor %}",
    "{% set m = l|map('string') %}{{ m|list }}{{ m|list }}", "{% set m = zip(l, words) %}{% for a, b in m %}{{ a }}{{ b }}{% endfor %}", "{% for x in l %}{{ x }}{% else %}e{% endfor %}",
    "{% for loop in l %}{% endfor %}", "{% for x in l %}{% set loop = 1 %}{% endfor %}", "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}", "{% for x in l if x > 1 else words %}{% endfor %}", "{% for x in (l if no else words) %}{{ x }}{% endfor %}",
    "{% for s in s.split() %}{{ s }};{% endfor %}{{ s }}", "{% for x in x %}{% endfor %}", "{{ n }}{% set n = 1 %}{{ n }}", "{% for x in rows %}{{ x.n }}{{ x['v'] }}{% endfor %}", "{% for x in range(2) %}{% for x in 'ab' %}{{ x }}{% endfor %}{{ x }}{% endfor %}",
    "{% foo %}", "{% if t %}{% foo %}{% endif %}", "{{ foo() }}", "{{ s|foo }}", "{{ s is foo }}", "{{ 7*7 }} {{ s }}", "{{ '{{ 7*7 }}' }}", "a ||| b", "{{ 'a'|\nupper }}", "{{ n\n}}\nx", "{{ l\n[0]\n}}",
    "{% set x = 'a' %}{% set x = x ~ 'b' %}{% for i in range(2) %}{% set x = x ~ i %}{% if i %}{{ x }}{% endif %}{% endfor %}{{ x }}", "{% for i in l %}{% if i == 3 %}{% set f = 'X' %}{% endif %}{{ f }}{% endfor %}",
    "{% for x in l %}{% set y %}{{ x }}{{ loop.index }}{% endset %}{{ y }};{% endfor %}", "{{ loop }}{% set ns = namespace(a=1) %}{{ ns['a'] }}", "{{ not_there }}{{ not_there|length }}{{ not_there ~ 'x' }}{% for i in not_there %}{% endfor %}",
    # macros, calls, with, filter blocks, recursion
    "{% macro f(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }};{% endmacro %}{{ f(1) }}{{ f(1, c=3) }}{{ f(b=5) }}{{ f(1, 2, 3) }}", "{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}", "{% macro f(a) %}{% endmacro %}{{ f(z=2) }}",
    "{% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 'x', k=[1]) }}{{ f() }}", "{% macro f() %}<{{ caller(1, b=2) }}>{% endmacro %}{% call(a, b) f() %}{{ a }}{{ b }}{{ n }}{% endcall %}", "{% macro f() %}{{ caller() }}{% endmacro %}{{ f() }}",
    "{% macro f() %}{{ caller is defined }}{{ 'x' if caller }}{% endmacro %}{{ f() }}", "{% macro f() %}x{% endmacro %}{% call f() %}y{% endcall %}", "{% call n %}{% endcall %}", "{% macro f(n) %}{{ n }}{{ f(n - 1) if n }}{% endmacro %}{{ f(3) }}",
    "{{ f() }}{% macro f() %}{% endmacro %}", "{% for x in l %}{% macro f() %}{{ x }}{% endmacro %}{{ f() }}{% endfor %}{{ f is defined }}", "{% macro f() %}{{ z }}{% endmacro %}{{ f() }}{% set z = 1 %}{{ f() }}", "{% macro f() %}{{ s }}{% endmacro %}{{ f() }}{% set s = 1 %}{{ f() }}",
    "{% macro f() %}{% set s = 1 %}{{ s }}{% endmacro %}{{ f() }}{{ s }}", "{% macro f(a, a2) %}{{ a.x }}{% endmacro %}{{ f() }}", "{% macro f() %}<b>{% endmacro %}{{ f()|upper }}{{ f() ~ 1 }}", "{% macro f(a='x') -%} {{ a }} {%- endmacro %}[{{ f() }}][{{ f(none) }}][{{ f(not_there) }}]",
    "{% with a = 1, b = n %}{{ a }}{{ b }}{% set c = 5 %}{{ c }}{% endwith %}{{ a }}{{ c }}", "{% with n = n + 1 %}{{ n }}{% endwith %}{{ n }}", "{% with %}{% set n = 1 %}{{ n }}{% endwith %}{{ n }}", "{% with a, b = 1, 2 %}{% endwith %}",
    "{% filter upper %}a{{ s }}{% set n = 1 %}{% endfilter %}{{ n }}", "{% filter replace('a', 'b')|upper %}aXa{% endfilter %}", "{% filter length %}x{% endfilter %}", "{% set x | upper %}a{{ n }}{% endset %}{{ x }}", "{% set x | length %}abc{% endset %}{{ x + 1 }}",
    "{% for x in nested recursive %}{{ loop(x) if x is iterable else x }}{{ loop.depth }}{% endfor %}", "{% for x in l %}{{ loop([]) }}{% endfor %}", "{% for x in l recursive %}{{ loop.depth0 }}{% else %}e{% endfor %}",
    "{% for x in [1, 1, 2] %}{{ loop.changed(x) }}{% endfor %}", "{% print 1, s %}{% print %}", "{% for i in l %}{{ s }}{% endfor %}{% set s = 1 %}", "{% if no %}{% set s = 1 %}{% endif %}{% for i in l %}{{ s }}{% endfor %}",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{{ c.reset() }}{{ c.current }}", "{% set j = joiner('; ') %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}", "{{ cycler() }}",
    "{{ d|items|list }}{{ d|dictsort }}{{ not_there|items|list }}", "{{ rows|groupby('v')|list }}{% for g, r in rows|groupby('v') %}{{ g }}{{ r|length }}{% endfor %}{% for g in rows|groupby('n') %}{{ g.grouper }}{{ g.list|length }}{% endfor %}",
    "{{ l|batch(2)|list }}{{ l|batch(2, 'x')|list }}{{ range(7)|slice(3)|list }}{{ range(7)|slice(3, 'x')|list }}", "{{ l|sum }}{{ rows|sum('v') }}{{ l|sum(start=0.5) }}{{ l|reverse|list }}{{ s|reverse }}", "{{ d|tojson }}{{ s|tojson }}{{ mixed|tojson(2) }}",
    "{{ '<a href=\"x\">\\'&'|e }}{{ '<b>'|safe }}{{ '<i>x</i>  <!-- c -->y'|striptags }}", "{{ 'a b/c é'|urlencode }}{{ {'a b': 'c&d'}|urlencode }}", "{{ 'hello big world'|truncate(9) }}{{ 'hello'|truncate(3, true, '') }}{{ 'hello big world'|truncate(9, true, '…', 0) }}",
    "{{ 'hello-big wonderful--world of words'|wordwrap(8) }}|{{ 'hello wonderful'|wordwrap(5, false) }}", "{{ 'a\\nb\\n\\nc'|indent }}|{{ 'a\\nb'|indent('> ', true) }}", "{{ \"it's a (big) [dog]-house\"|title }}{{ 'a b  c'|wordcount }}{{ 'x'|center(5) }}|{{ 123456789|filesizeformat }}",
    "{{ 'ΌΣΟΣ-Α'.lower() }}{{ 'ΑΣ x'.title() }}{{ 'Straße'.casefold() }}{{ 'aBc'.swapcase() }}{{ 'ŉ'.title() }}", "{{ 'a,b,c'.rsplit(',', 1) }}{{ 'a-b-c'.partition('-') }}{{ 'a-b-c'.rpartition('-') }}{{ 'a\\nb\\r\\nc'.splitlines() }}", "{{ '-7'.zfill(5) }}{{ 'x'.center(4, '*') }}{{ 'x'.ljust(3) }}|{{ 'a\\tb'.expandtabs(4) }}",
    "{{ '{} {0}'.format(1) }}", "{{ '{:>6.2f}|{!r}|{a[0]}|{:,}'.format(2.345, 'x', 1234567, a=[9]) }}", "{{ '%x %o %e %g %5.1f%% %c' % (255, 8, 12345.678, 0.0001, 2.25, 'z') }}", "{{ 'abc'.removeprefix('a').removesuffix('c') }}{{ '²'.isdigit() }}{{ 'Ab'.istitle() }}",
    "{{ 2**100 }}{{ 2**100 // 3 }}{{ -(2**100) % 7 }}{{ 2**64 == 2.0**64 }}{{ (2**100)|float }}{{ 10**30 / 7 }}", "{{ 2.0**-24 }}{{ 0x1F }}{{ 0b11 }}{{ 0o17 }}", "{{ f.is_integer() }}{{ n.bit_length() }}{{ range(3).start }}",
    "{{ l|map('string')|map('upper')|join }}{% set m = l|map('string') %}{% set _ = l.append(4) %}{{ m|list }}", "{{ s is callable }}{{ s.upper is callable }}{{ range is callable }}{{ no is sameas none }}{{ 'abc' is lower }}{{ 'e' is filter }}{{ 'eq' is test }}",
    "{{ dict(**d) }}{{ dict(*[[('a', 1)]], b=2) }}{{ 'a'.join(*[l|map('string')]) }}", "{{ d[1, 2] }}", "{{ {(1, 2): 'x'}[1, 2] }}", "{{ {[]: 1} }}",
]


def render(template):
    text = ENV.from_string(template).render(**json.loads(json.dumps(ROW)))
    address = any(part in text for part in (" at 0x", "<built-in", "<class", "<Namespace", "<LoopContext"))
    return {"error": "address"} if address else {"text": text}


def main():
    print(json.dumps({"row": ROW}))
    seen = set()
    for template in [f"{{{{ {e} }}}}" for e in expressions()] + WHOLE:
        if template in seen:
            continue
        seen.add(template)
        try:
            result = render(template)
        except Exception as error:
            result = {"error": type(error).__name__}
        print(json.dumps({"template": template, **result}))


if __name__ == "__main__":
    main()
