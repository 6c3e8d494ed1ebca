package dev.sparktune.template.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not known, what does not fit and what never ends: an error with a place and a reason, never text. */
@Timeout(20)
class StrictnessTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "{% include 'x' %} ¦ the statement 'include' is not supported; known are if, for, set, with, macro, call,"
                        + " filter, print and raw",
                "{% for x in l %}{% break %}{% endfor %} ¦ the statement 'break' is not supported; known are if, for, set,"
                        + " with, macro, call, filter, print and raw",
                "{{ s|pprint }} ¦ the filter 'pprint' is not supported",
                "{{ s|urlize }} ¦ the filter 'urlize' is not supported",
                "{{ s is nothing }} ¦ the test 'nothing' is not supported",
                "{{ s.encode() }} ¦ the method 'encode()' is not supported",
                "{{ lipsum() }} ¦ the function 'lipsum()' is not supported",
                "{{ open('/etc/passwd') }} ¦ the function 'open()' is not supported",
                "{{ s[1:2, 2] }} ¦ a slice beside another index is not supported",
                "{{ s|replace('a') }} ¦ the filter 'replace' needs its argument 'new'",
                "{{ s|lower(1) }} ¦ the filter 'lower' takes at most 0 arguments, but got 1",
                "{{ s|default(fallback=1) }} ¦ the filter 'default' has no argument 'fallback'",
                "{{ 1e999 }} ¦ the number 1e999 is too large for a float",
                "{{ '\\ud83d' }} ¦ the character U+D83D is half of a pair",
                "{% macro f(a, a) %}{% endmacro %} ¦ the parameter 'a' is not supported, or stands there twice",
                "{% set loop = 1 %} ¦ 'loop' cannot be assigned to",
                "{{ s ¦ the tag is never closed by '}}'",
                "{% if s %} ¦ the template ends where one of elif, else, endif is needed",
            })
    void whatIsNotKnownIsRefusedWhenTheTemplateIsRead(String template, String reason) {
        assertThatThrownBy(() -> JinjaTemplate.compile("t", "\n\n" + template))
                .isInstanceOf(TemplateException.class)
                .hasMessage("template 't', line 3: " + reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "{{ s.__class__ }} ¦ '__class__' of a str is not supported",
                "{{ s['__class__'] }} ¦ '__class__' of a str is not supported",
                "{{ d.items }} ¦ a builtin_function_or_method object has no text worth printing",
                "{{ range }} ¦ a builtin_function_or_method object has no text worth printing",
                "{{ l|map('nothing')|list }} ¦ the filter 'nothing' is not supported",
                "{{ l|map('string') }} ¦ a generator object has no text worth printing",
                "{{ s.append(1) }} ¦ 'str' object has no attribute 'append'",
                "{{ s.isidentifier and s['isidentifier']() }} ¦ the method 'isidentifier()' of a str is not supported",
                "{{ s|e ~ s }} ¦ '~' with Markup is not supported",
                "{% macro f() %}{% endmacro %}{{ f.name }} ¦ 'name' of a Macro is not supported",
                "{{ nothing.x }} ¦ 'nothing' is undefined",
                "{{ 2 ** 65536 }} ¦ a whole number has more than 65536 bits",
                "{{ 10 ** 4300 }} ¦ a whole number has more than 4300 digits",
                "{{ (-2) ** l[0] }} ¦ a negative constant to the power of a variable is not supported",
                "{{ day }} ¦ column 'day' is a java.time.LocalDate; templates take strings, booleans, integers, floats,"
                        + " lists and maps",
            })
    void whatIsNotKnownIsRefusedWhenTheTemplateIsRendered(String template, String reason) {
        JinjaTemplate compiled = JinjaTemplate.compile("t", "a\n" + template + "\n");

        assertThatThrownBy(() -> compiled.render(row(), 0))
                .isInstanceOf(TemplateException.class)
                .hasMessage("template 't', line 2: " + reason);
    }

    @Test
    void columnsThatNoTemplateNamesMayBeOfAnyType() {
        assertThat(JinjaTemplate.compile("t", "{{ s }}").render(row(), 0)).isEqualTo("text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(1000000000) %}{% endfor %}",
                "{% for i in range(9999999) %}{% for j in range(9999999) %}{% endfor %}{% endfor %}",
                "{% for x in l %}{{ l.append(x) or '' }}{% endfor %}",
                "{{ range(1000000000000)|list }}",
                "{{ 'a' * 1000000000 }}",
                "{{ 'a' * 9223372036854775807 }}",
                "{{ [1] * 1000000000 }}",
                "{% set n = namespace(x='ab') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
                "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
                "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
                "{% set n = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}"
                        + "{% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x == n.y }}",
                "{{ ('a' * 100000)|replace('', 'a' * 100000) }}",
                "{{ '%999999d'|format(1) * 100 }}",
                "{% for i in range(9999999) %}{{ '%99999d' % 1 }}{% endfor %}",
                "{{ ('a' * 100000)|list|join('b' * 100000) }}",
                "{{ ('a' * 200000 ~ 'b') in ('a' * 400000) }}",
                "{{ ('a' * 400000).replace('a' * 200000 ~ 'b', '') }}",
                "{% set a = 'a' * 300000 %}{% set b = a ~ '' %}{% for i in range(9999999) %}{{ '' if a == b }}{% endfor %}",
                "{% set a = 'é' * 300000 %}{% for i in range(9999999) %}{{ '' if a[-1] and a|length }}{% endfor %}",
            })
    void whatNeverEndsIsStopped(String template) {
        Limits limits = new Limits(Limits.DEFAULT.maxOutput(), 1 << 20, 100);
        JinjaTemplate compiled = JinjaTemplate.compile("t", template, Dialect.PROMPT_SOURCE, limits);

        assertThatThrownBy(() -> compiled.render(row(), 0))
                .isInstanceOf(TemplateException.class)
                .hasMessageMatching("template 't', line 1: (took more than 1048576 steps .*"
                        + "|the text is longer than 1048576 characters)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'x' * 10**9 }}",
                "{{ range(10**12)|list }}",
                "{% for i in range(10**18) %}{% endfor %}",
                "{{ '%1000000000d' % 1 }}",
                "{{ '%.1000000000f' % 1 }}",
                "{{ '%*d' % (10**9, 1) }}",
                "{{ '{:1000000000}'.format(1) }}",
                "{{ '{:999999}{:999999}{:999999}{:999999}{:999999}'.format(1, 2, 3, 4, 5) }}",
                "{{ 'x'.center(10**9) }}",
                "{{ 'x'.ljust(2**62) }}",
                "{{ 'x'|center(2**63 - 1) }}",
                "{{ 'x'.zfill(10**10) }}",
                "{{ '\t'.expandtabs(10**9) }}",
                "{{ 'x\ny'|indent(10**9) }}",
                "{{ [[]]|tojson(10**9) }}",
                "{{ [1]|batch(10**9, 0)|list }}",
                "{{ [1]|slice(10**9)|list }}",
                "{{ 9**(9**9) }}",
                "{{ 2 ** (2**62) }}",
                "{{ (10**19000) * (10**19000) }}",
                "{% for i in range(10**9) %}{% if 3**40000 // 7**20000 %}{% endif %}{% endfor %}",
                "{% for i in range(10**9) %}{{ 0.1 * i }}{% endfor %}",
                "{% for i in range(10**9) %}{% set x = (0.1 * i)|round(2) %}{% endfor %}",
                "{% for i in range(10**9) %}{% set x = l.append({}) %}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
                "{% macro f() %}{{ caller() }}{% endmacro %}{% macro g() %}{% call f() %}{{ g() }}{% endcall %}{% endmacro %}{{ g() }}",
                "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
                "{% set n = namespace(x='a') %}{% for i in range(10**9) %}{% set n.x = n.x|map('string') %}{% endfor %}",
                "{% set n = namespace(x=l) %}{% for i in range(90000) %}{% set n.x = n.x|map('string') %}{% endfor %}{{ n.x|list }}",
                "{% set n = namespace(x=()) %}{% for i in range(90000) %}{% set n.x = (n.x,) %}{% endfor %}{{ {n.x: 1} }}",
                "{% set n = namespace(x=[]) %}{% for i in range(90000) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x }}",
                "{% set n = namespace(x=[]) %}{% for i in range(90000) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x|tojson }}",
                "{{ ('-' * 10**6)|wordwrap(5) }}",
                "{{ ('x' * 60000)|wordwrap(1)|length * ('x' * 10**7)|length }}",
                "{{ ('9' * 10**6)|int }}{{ ('1' * 10**6)|int(0, 2) }}",
                "{{ range(10**6)|sort(reverse=true)|sum }}",
                "{{ range(10**6)|map('string')|unique|join|length }}",
                "{{ ['a' * 10**6] * 10**6 }}",
                "{% set x %}{{ 'a' * 10**6 }}{% endset %}{{ x * 100 }}",
                "{{ '1' * 3000000 }}",
                "{{ l|groupby('a' * 10**7) }}",
            })
    void whatIsHugeEndsSoonWithTheDefaultLimits(String template) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();

        assertThatThrownBy(() -> JinjaTemplate.compile("t", template).render(row(), 0))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("template 't', line 1: ");
        assertThat(threads.getCurrentThreadCpuTime() - start).isLessThan(2_000_000_000L);
    }

    @Test
    void aTemplateThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> JinjaTemplate.compile("t", "a".repeat((1 << 20) + 1)))
                .hasMessage("template 't', line 1: the template has 1048577 characters, but at most 1048576");
    }

    @Test
    void theDefaultLimitsStopALoop() {
        assertThatThrownBy(() -> JinjaTemplate.compile("t", "{% for i in range(1000000000) %}{% endfor %}")
                        .render(row(), 0))
                .hasMessage(
                        "template 't', line 1: took more than 4194304 steps (loop turns, items visited, characters made):"
                                + " is a loop too long?");
    }

    @Test
    void theOutputIsLimited() {
        JinjaTemplate compiled = JinjaTemplate.compile(
                "t", "{% for i in range(9) %}abc{% endfor %}", Dialect.PROMPT_SOURCE, new Limits(26, 99, 9));

        assertThatThrownBy(() -> compiled.render(row(), 0))
                .hasMessage("template 't', line 1: the text is longer than 26 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "(¦)",
                "[¦]",
                "{1:¦}",
                "-¦ ",
                "not ¦ ",
                "1 if ¦ ",
                "s[¦]",
                "s|default(¦)",
                "1 + (¦)",
                "1 ~ [¦]",
                "1 and not ¦ "
            })
    void nestingInTheTextIsLimited(String open, String close) {
        String nested = "{{ " + open.repeat(5_000) + "1" + close.repeat(5_000) + " }}";

        assertThatThrownBy(() -> JinjaTemplate.compile("t", nested))
                .isInstanceOf(TemplateException.class)
                .hasMessageMatching(".*(an expression of more than 200 levels|nested more than 200 deep)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".x", "[0]", "|lower", " + 1", " * 2", " ** 2", " and 1", " or s", ".lower()", " if s else 0"})
    void chainsAreLimited(String link) {
        assertThatThrownBy(() -> JinjaTemplate.compile("t", "{{ s" + link.repeat(5_000) + " }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageMatching(".*(an expression of more than 200 levels|nested more than 200 deep)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{% if s %}", "{% for x in l %}", "{% set x %}", "{% if s %}a{% else %}"})
    void nestedStatementsAreLimited(String open) {
        assertThatThrownBy(() -> JinjaTemplate.compile("t", open.repeat(5_000)))
                .hasMessageContaining("nested more than 200 deep");
    }

    @Test
    void longFlatChainsAreNoTrouble() {
        String elifs = "{% if 0 %}" + "{% elif 0 %}".repeat(5000) + "{% else %}x{% endif %}";
        String concat = "{{ 'a'" + " ~ 'a'".repeat(5000) + " }}";

        assertThat(JinjaTemplate.compile("t", elifs).render(row(), 0)).isEqualTo("x");
        assertThat(JinjaTemplate.compile("t", concat).render(row(), 0)).hasSize(5001);
    }

    @Test
    void valuesInsideThemselvesAreStopped() {
        assertThatThrownBy(() ->
                        JinjaTemplate.compile("t", "{{ l.append(l) or l }}").render(row(), 0))
                .hasMessage("template 't', line 1: a value is nested more than 100 deep");
    }

    @Test
    void aRowNestedTooDeepIsRefused() {
        List<Object> deep = List.of();
        for (int i = 0; i < 10_000; i++) {
            deep = List.of(deep);
        }
        Row row = new Row(Map.of("deep", deep));

        assertThatThrownBy(() -> JinjaTemplate.compile("t", "{{ deep }}").render(row, 0))
                .hasMessage("template 't', line 1: column 'deep' is nested more than 100 deep");
    }

    private static Row row() {
        Map<String, Object> row = new HashMap<>();
        row.put("s", "text");
        row.put("l", new ArrayList<>(List.of(1, 2)));
        row.put("d", Map.of("a", 1));
        row.put("day", LocalDate.of(2015, 8, 31));
        return new Row(row);
    }
}
