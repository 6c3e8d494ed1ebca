package dev.sparktune.jobs.settings;

import java.util.List;

/** {@code clean}: which rows are set aside. */
public record CleanSettings(
        @Setting(help = "Columns that must hold more than white space; other rows go to quarantine.")
        List<String> required) {}
