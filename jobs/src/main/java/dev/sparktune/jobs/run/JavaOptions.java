package dev.sparktune.jobs.run;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Options of a JVM as one line, such as {@code -Da=1 --add-opens=…}.
 *
 * @param line options between white space, quoted as for a shell
 */
record JavaOptions(String line) {

    /** The value of {@code -Dname=value}, of the last one, as for the JVM; empty for {@code -Dname} alone. */
    Optional<String> property(String name) {
        return Pattern.compile("(?<![^\\s\"'])-D" + Pattern.quote(name) + "(?:=([^\\s\"']*))?(?![^\\s\"'])")
                .matcher(line)
                .results()
                .map(found -> Optional.ofNullable(found.group(1)).orElse(""))
                .reduce((first, last) -> last);
    }

    /** With {@code -Dname=value} before what is there, which stays as it was written and wins. */
    JavaOptions withDefault(String name, String value) {
        return new JavaOptions(("-D" + name + "=" + value + " " + line).strip());
    }
}
