package dev.sparktune.jobs.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One key: a component of a settings record. The key's name is the component's in snake case, after the names of the
 * sections around it: {@code train.learning_rate}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** One line, in the words a user knows. */
    String help();

    /** The default, as YAML; empty means null (or an empty list or map): the key may be left out. */
    String byDefault() default "";

    /** A key without which no job that reads its section can run. */
    boolean required() default false;

    double min() default Double.NEGATIVE_INFINITY;

    double max() default Double.POSITIVE_INFINITY;

    /** It says how the work is done, never what comes out: no part of the output's identity. */
    boolean operational() default false;

    /** The values allowed; empty allows all. */
    String[] oneOf() default {};
}
