package dev.sparktune.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CleaningStepTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Works.<br /><br />Quiet, too.            | Works.⏎⏎Quiet, too.
            one<BR>two<br/>three                     | one⏎two⏎three
            <p>One.</p><p>Two.</p>                   | One.⏎Two.
            a <b>very</b> <i class="x">hot</i> day   | a very hot day
            <ul><li>light</li><li>small</li></ul>    | light⏎small
            <td>1</td><td>2</td>                     | 1 2
            see <a href="http://a.example/?x=1">this</a> one | see this one
            a <!-- note --> b                        | a  b
            a<style>p {color: red}</style>b          | ab
            a <script>never closed                   | a never closed
            a 6&#34; plate &amp; a 9&quot; one       | a 6" plate & a 9" one
            &#60;b&#62; is bold                      | <b> is bold
            &#153; and &#146;s and &eacute;          | ™ and ’s and é
            a&nbsp;b                                 | a b
            &#0;&#xD83D;&#x110000;                   | ���
            <br />at both ends<br />                 | at both ends
            """)
    void htmlBecomesTheTextThatABrowserShows(String html, String text) {
        assertThat(CleaningStep.HTML.apply(html)).isEqualTo(text.replace('⏎', '\n'));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a < b and c > d",
                "I <3 it",
                "it is <JUST> ok",
                "x<y",
                "<...>",
                "if a <b and c> d",
                "<br never closed",
                "<bright>",
                "</>",
                "<",
                "<!-- never closed",
                "AT&T, R&D, fish&chips",
                "http://a.example/?q=1&copy=2&reg=3",
                "& alone",
                "&unknown; &;",
                "  spaces around  "
            })
    void whatIsNoHtmlStays(String text) {
        assertThat(CleaningStep.HTML.apply(text)).isSameAs(text);
    }

    @Test
    void aTagThatIsSpelledWithEntitiesIsText() {
        assertThat(CleaningStep.HTML.apply("write &lt;br&gt; for a break")).isEqualTo("write <br> for a break");
    }

    @Test
    void whatWasEncodedTwiceIsDecodedTwice() {
        assertThat(CleaningStep.HTML.apply("it&amp;#39;s 6&amp;quot; &amp;amp; more, AT&amp;T"))
                .isEqualTo("it's 6\" & more, AT&T");
    }

    @Test
    void textIsComposed() {
        assertThat(CleaningStep.NFC.apply("cafe\u0301")).isEqualTo("caf\u00e9");
        assertThat(CleaningStep.NFC.apply("\u1112\u1161\u11ab")).isEqualTo("\ud55c");
        assertThat(CleaningStep.NFC.apply("👍🏽 caf\u00e9")).isEqualTo("👍🏽 caf\u00e9");
    }

    @Test
    void controlCharactersGoAndLinesEndAlike() {
        assertThat(CleaningStep.CONTROL.apply("a\u0000b\u0008\tc\r\nd\re\u0085\u007f\uFEFFf"))
                .isEqualTo("ab\tc\nd\nef");
        String clean = "tab\t line\n zero-width joiner 👩\u200d🔧";
        assertThat(CleaningStep.CONTROL.apply(clean)).isSameAs(clean);
    }

    @Test
    void replacementCharactersGoAndWordsStayApart() {
        assertThat(CleaningStep.REPLACEMENT.apply("Great\uFFFD\uFFFDdryer\uFFFD, \uFFFDgood\uFFFD"))
                .isEqualTo("Great dryer, good");
        String clean = "nothing lost";
        assertThat(CleaningStep.REPLACEMENT.apply(clean)).isSameAs(clean);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            see https://a.example/b_(c)?d=e#f.       | see [URL].
            (at www.example.org)                     | (at [URL])
            HTTP://EXAMPLE.ORG/x, ftp://f.example    | [URL], [URL]
            "http://a.example"                       | "[URL]"
            http://a.example/(x)                     | [URL]
            http://[::1]/x y                         | [URL] y
            http:// and www. alone                   | http:// and www. alone
            awww.cute                                | awww.cute
            """)
    void addressesOnTheWebAreMasked(String text, String masked) {
        assertThat(CleaningStep.MASK_URL.apply(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            write to jane.doe+x@mail.example.org.    | write to [EMAIL].
            <joe@a-b.example>, 'ann@example.com'     | <[EMAIL]>, '[EMAIL]'
            jörg@müller.example!                     | [EMAIL]!
            a@b.com and c@d.org;e@f.net              | [EMAIL] and [EMAIL];[EMAIL]
            JANE@EXAMPLE.COM.Thanks                  | [EMAIL]
            joe@example.c                            | joe@example.c
            @handle, 3 @ 5.99, a@b, @example.com     | @handle, 3 @ 5.99, a@b, @example.com
            a@@b.com                                 | a@@b.com
            """)
    void mailAddressesAreMasked(String text, String masked) {
        assertThat(CleaningStep.MASK_EMAIL.apply(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            my card 4111 1111 1111 1111, and         | my card [CARD], and
            5500-0000-0000-0004                      | [CARD]
            378282246310005.                         | [CARD].
            4111111111111111 12/25                   | [CARD] 12/25
            4222222222222                            | [CARD]
            4111 1111 1111 1112 fails Luhn           | 4111 1111 1111 1112 fails Luhn
            9780306406157 is a book                  | 9780306406157 is a book
            4111111111111111111111111111 is too long | 4111111111111111111111111111 is too long
            4111  1111  1111  1111                   | 4111  1111  1111  1111
            """)
    void cardNumbersAreMasked(String text, String masked) {
        assertThat(CleaningStep.MASK_CARD.apply(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            call (555) 234-5678 now                  | call [PHONE] now
            555-234-5678, 555.234.5678, 555 234 5678 | [PHONE], [PHONE], [PHONE]
            1-800-234-5678 or +1 (800) 234-5678.     | [PHONE] or [PHONE].
            5552345678                               | [PHONE]
            +44 20 7946 0958 and +49-30-1234567      | [PHONE] and [PHONE]
            020 7946 0958; 0171 1234567              | [PHONE]; [PHONE]
            1875 watts, $1,299.99, 2015-08-31        | 1875 watts, $1,299.99, 2015-08-31
            31.08.2015, 12/25/2014, 03/3132013       | 31.08.2015, 12/25/2014, 03/3132013
            1234567890 and 0316769487                | 1234567890 and 0316769487
            part 555-234-56789 #5552345678           | part 555-234-56789 #5552345678
            B5552345678 55523456789012               | B5552345678 55523456789012
            """)
    void phoneNumbersAreMasked(String text, String masked) {
        assertThat(CleaningStep.MASK_PHONE.apply(text)).isEqualTo(masked);
    }

    @Test
    void aStepIsFoundByItsKey() {
        assertThat(CleaningStep.named("mask_email")).isEqualTo(CleaningStep.MASK_EMAIL);
        assertThat(CleaningStep.of(CleaningStep.HTML.bit() | CleaningStep.MASK_CARD.bit()))
                .containsExactly(CleaningStep.HTML, CleaningStep.MASK_CARD);
        assertThatThrownBy(() -> CleaningStep.named("Html"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no cleaning step 'Html', but html, nfc, control, replacement, case, mask_url,"
                        + " mask_email, mask_card, mask_phone");
    }

    @Test
    void aCategoryHasOneCase() {
        assertThat(LetterCase.UPPER.apply("us")).isEqualTo("US");
        assertThat(LetterCase.LOWER.apply("Baby")).isEqualTo("baby");
        assertThat(LetterCase.TITLE.apply("major APPLIANCES, men's 'hats'"))
                .isEqualTo("Major Appliances, Men's 'Hats'");
        assertThatThrownBy(() -> LetterCase.named("Title"))
                .hasMessage("must be one of lower, upper, title, but is Title");
    }
}
